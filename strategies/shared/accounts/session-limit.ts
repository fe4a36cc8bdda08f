import type { StrategyOptions } from '../../strategy.ts';
import { longestCredential } from '../lifetimes.ts';
import type { RefusalCode } from '../refusals.ts';
import type { Principal } from '../revocation.ts';
import { nameOf } from '../stores/revocations.ts';
import type { KeptSignIn } from '../stores/sign-ins.ts';

/** The highest limit: stores keep a bounded number of sign-ins for each user. */
export const MOST_SESSIONS = 100;

/**
 * The most tokens of one sign-in that are valid at the same time, where the issuer names no session. A list of a user's sign-ins
 * drops the oldest names if it is full, and a sign-in with many tokens would drop others, which then no longer count.
 */
export const MOST_TOKENS = 100;

type Limited = Pick<StrategyOptions, 'stores' | 'clock' | 'lifetimes' | 'maxSessionsPerUser'>;

/** Lets a user have at most `maxSessionsPerUser` sign-ins on all nodes together. A newer one ends the oldest. */
export class SessionLimit {
  readonly #options: Limited;

  constructor(options: Limited) {
    this.#options = options;
  }

  /**
   * Counts the sign-in of `principal`, and ends older ones if they are too many. A sign-in that was counted before keeps its
   * place, so that a reload or another tab ends nothing.
   * @param cutAt when the connection ends, in ms since the epoch
   * @param continues the principal whose token this one renews
   * @returns the code under which this sign-in itself has ended; undefined if it goes on
   * @throws StoreError if a store fails; Error if the principal has neither a session id nor a token id
   */
  async enter(principal: Principal, cutAt?: number, continues?: Principal): Promise<RefusalCode | undefined> {
    const { maxSessionsPerUser: most, stores } = this.#options;
    if (most === undefined) return undefined;
    const name = signInOf(principal);
    const before = continues && signInOf(continues);
    if (name === before) return undefined;
    const { subject } = principal;
    const epoch = await stores.revocations.epoch();
    const code = await this.#endedBy(subject, name, epoch);
    if (code !== undefined) return code;
    const until = this.#until(principal, cutAt);
    const all = await stores.signIns.enter(subject, { name, epoch, until, ...(before && { continues: before }) });
    if (all === undefined) return 'signed-in-elsewhere';
    const own = all.find(({ names }) => names.includes(name));
    if (own !== undefined && own.names.length > MOST_TOKENS) {
      await this.#end(subject, own);
      return 'signed-in-elsewhere';
    }
    const ended = all.length > most ? await this.#endOldest(subject, all, most) : [];
    return ended.some(({ names }) => names.includes(name)) ? 'signed-in-elsewhere' : undefined;
  }

  /** Other nodes may do the same at once: the store alone orders the list, so they end the same ones. */
  async #endOldest(subject: string, all: readonly KeptSignIn[], most: number): Promise<readonly KeptSignIn[]> {
    const { signIns } = this.#options.stores;
    const live: KeptSignIn[] = [];
    for (const one of all) {
      if ((await this.#endedBy(subject, one.names.at(-1)!, one.epoch)) === undefined) live.push(one);
      else await Promise.all(one.names.map((name) => signIns.leave(subject, name)));
    }
    const ended = live.slice(0, Math.max(0, live.length - most));
    for (const one of ended) await this.#end(subject, one);
    return ended;
  }

  async #end(subject: string, { names, until }: KeptSignIn): Promise<void> {
    const { revocations, signIns } = this.#options.stores;
    for (const name of names) {
      await revocations.publish({ code: 'signed-in-elsewhere', subject, ...narrowingOf(name) }, until);
      // Only now: if this process had ended before, the next sign-in would have ended it.
      await signIns.leave(subject, name);
    }
  }

  /** Whether a sign-in was revoked after the epoch in which it was seen first. Changed roles do not end it. */
  async #endedBy(subject: string, name: string, epoch: number): Promise<RefusalCode | undefined> {
    const principal = { subject, roles: [], ...narrowingOf(name), epoch };
    const code = await this.#options.stores.revocations.check(principal);
    return code === 'roles-changed' ? undefined : code;
  }

  /** A token without a sign-in ends with its connection; a sign-in lives as long as any credential may. */
  #until({ sessionId }: Principal, cutAt: number | undefined): number {
    const { clock, lifetimes } = this.#options;
    const latest = clock.now() + longestCredential(lifetimes);
    return sessionId === undefined ? Math.min(cutAt ?? latest, latest) : latest;
  }
}

/** The name of a principal's sign-in: its session, or its token where the issuer names no session. */
function signInOf({ sessionId, tokenId }: Principal): string {
  if (sessionId !== undefined) return nameOf({ sessionId });
  if (tokenId !== undefined) return nameOf({ tokenId });
  throw new Error('maxSessionsPerUser needs principals with a sessionId or a tokenId');
}

function narrowingOf(name: string): { sessionId: string } | { tokenId: string } {
  const [sessionId, tokenId] = JSON.parse(name) as [string | null, string];
  return sessionId === null ? { tokenId } : { sessionId };
}
