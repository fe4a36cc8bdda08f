import type { Presented } from '../../harness/app/scenario.ts';

/** What an owner can do to a credential, for audits that outlive it. Each gets what `signIn` gave. */
export interface Hooks {
  /** A fresh credential, of a user of its own where that can be. */
  signIn?(): Promise<Presented>;
  /** The same, of someone whom the application does not let in. */
  signInUnwelcome?(): Promise<Presented>;
  signOut?(credential: Presented): Promise<void>;
  /** Bans the user of the credential. */
  ban?(credential: Presented): Promise<void>;
  /** Takes the right to send the event away from the user of the credential. */
  changeRoles?(credential: Presented): Promise<void>;
  /** Lets the credential expire: returns once it has. */
  expire?(credential: Presented): Promise<void>;
}

/** Somebody's server, and what its owner gives to have it audited. */
export interface Target {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly namespace: string;
  /** What the server admits. */
  readonly credential: Presented | undefined;
  /** Validly signed, of someone whom the application does not let in. */
  readonly unwelcome: Presented | undefined;
  /** An event that a handler acknowledges, and what goes with it. */
  readonly event: string;
  readonly payload: unknown;
  /** Where a POST with the credential ends it. */
  readonly logoutUrl: string | undefined;
  readonly hooks: Hooks;
  /** Whether audits that may end or load the process are to be run. */
  readonly destructive: boolean;
  /** How long an expiry may be waited for, in ms. */
  readonly patience: number;
}

/** A target that cannot be audited; the message says what to change. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** When the JWT in a credential ends, in ms since the epoch; undefined where it says nothing of it. */
export function expiryOf({ auth = {}, extraHeaders = {} }: Presented): number | undefined {
  for (const value of [...Object.values(auth), ...Object.values(extraHeaders)]) {
    const payload = /^(?:Bearer )?[\w-]+\.([\w-]+)\.[\w-]*$/.exec(String(value))?.[1];
    if (payload === undefined) continue;
    try {
      const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp?: unknown };
      if (typeof exp === 'number') return exp * 1000;
    } catch {
      // No JWT after all.
    }
  }
  return undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws TargetError where the URL is none, or names a server of someone else's */
export function checkUrl(given: string, owned: boolean, option = '--url'): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    // A user and a password may stand in it.
    throw new TargetError(
      `${option} takes an address such as http://127.0.0.1:3000, got '${given.replace(/^.*@/s, '…@')}'`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TargetError(`${option} takes http or https, got '${url.protocol}//'`);
  if (url.username !== '' || url.password !== '')
    throw new TargetError(`${option} takes no user and no password: an address ends up in logs`);
  if (!LOOPBACK.test(url.hostname) && !owned)
    throw new TargetError(
      `${url.hostname} is not this machine; audit it only if it is yours, with --i-own-this-server`,
    );
  return url.origin;
}

/** Whether the answer to a poll is one of a Socket.IO server: a session, a refusal with a code, or one by a status. */
export const isSocketIo = ({ status, body }: { readonly status: number; readonly body: string }): boolean =>
  /"sid"|"code":(?:\d|"transport-unsupported")/.test(body) || status === 401 || status === 403;
