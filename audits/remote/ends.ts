import { setTimeout as delay } from 'node:timers/promises';
import type { Presented } from '../../harness/app/scenario.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { expectAdmitted, expectEnded, expectHandled, expectNotHandled } from './expectations.ts';
import type { Connected, Probe } from './probe.ts';
import { expiryOf } from './target.ts';

/** How long an HTTP answer may take, in ms. */
export const LONGEST_ANSWER = 5000;

/** A difference between two clocks explains what happens up to this many ms after an expiry, and nothing later. */
const MARGIN = 2000;

/** How a check ends a credential, and the words for it in a report. */
export interface Ending {
  readonly when: string;
  end(probe: Probe, presented: Presented): Promise<void>;
}

/** Returns once the credential has expired. */
export const expiring: Ending = {
  when: 'after the expiry of the credential',
  async end({ target }, presented) {
    if (target.hooks.expire !== undefined) return target.hooks.expire(presented);
    await delay(expiryOf(presented)! + MARGIN - Date.now());
  },
};

export const signingOut: Ending = {
  when: 'after the sign-out',
  async end({ target }, presented) {
    if (target.hooks.signOut !== undefined) return target.hooks.signOut(presented);
    const { auth = {}, extraHeaders } = presented;
    const bearer = typeof auth['token'] === 'string' ? { authorization: `Bearer ${auth['token']}` } : {};
    const headers = { 'content-type': 'application/json', ...bearer, ...extraHeaders };
    const { status } = await fetch(target.logoutUrl!, {
      method: 'POST',
      headers,
      body: JSON.stringify(auth),
      // A redirect would take the credential along.
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    if (status >= 400) throw new BrokenPromise('the sign-out to be accepted', `the answer was HTTP ${status}`);
  },
};

export const banning: Ending = {
  when: 'after the ban',
  end: ({ target }, presented) => target.hooks.ban!(presented),
};

/** The messages of an open connection are handled before the end of its credential, and not after. */
export async function endsMessages(probe: Probe, { when, end }: Ending): Promise<void> {
  const presented = await probe.credential();
  const talker = await probe.connect(presented);
  expectAdmitted(talker);
  expectHandled(await probe.act(talker.transport));
  await end(probe, presented);
  expectNotHandled(await probe.act(talker.transport), when);
}

/** The same, and a connection that says nothing is ended too. */
export async function endsConnections(probe: Probe, { when, end }: Ending): Promise<void> {
  let silent: Connected | undefined;
  await endsMessages(probe, {
    when,
    async end(_, presented) {
      silent = await probe.connect(presented);
      expectAdmitted(silent);
      await end(probe, presented);
    },
  });
  await expectEnded(silent?.transport, when);
}

/** CONNECT with the credential is refused after its end, or at least the first message is. */
export async function endsCredential(probe: Probe, { when, end }: Ending): Promise<void> {
  const presented = await probe.credential();
  if (await isServed(probe, presented)) await end(probe, presented);
  // The only credential that was given may have ended in an earlier check: that end counts as well.
  else if (probe.target.hooks.signIn !== undefined)
    throw new BrokenPromise('a fresh credential to be admitted', 'was refused');
  if (await isServed(probe, presented)) throw new BrokenPromise(`a refusal of CONNECT ${when}`, 'was admitted');
}

async function isServed(probe: Probe, presented: Presented): Promise<boolean> {
  const { admitted, transport } = await probe.connect(presented);
  return admitted && (await probe.act(transport)) === 'handled';
}
