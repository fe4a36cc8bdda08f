import type { RefusalCode } from '../refusals.ts';
import { type Principal, type Revocation, revokes } from '../revocation.ts';

/**
 * How many of an account's sign-ins and tokens may be revoked one by one at a time. One more ends all of its sign-ins so
 * far in their place, which takes the room of one, and no other account's.
 */
export const MOST_NARROW = 1000;

/** One that is remembered, and so has a subject to be remembered by. The store adds the epoch. */
export type SubjectRevocation = Omit<Revocation, 'epoch'> & { readonly subject: string };

/**
 * The deny-list and the kick bus in one: what is revoked is remembered, so that no reconnect passes,
 * and told to the listeners, so that live connections end.
 *
 * The store alone decides what came first. It counts epochs: each revocation of a whole subject begins a new one, and
 * ends every sign-in that read an earlier one. No node's clock takes part in that.
 */
export interface Revocations {
  /** The current epoch. A sign-in reads it before it asks the directory, and each of its credentials carries it. */
  epoch(): Promise<number>;
  /**
   * Tells the listeners of this process at once, then stores the revocation until `until` (ms since the epoch). Pass the
   * latest expiry of the credentials that it matches. Without `until`, only open connections end; the credential stays valid.
   *
   * Without `sessionId`, `tokenId` and `roles` it begins a new epoch of the subject. Until `bannedUntil` (ms since the
   * epoch) new sign-ins are refused as `banned`; later revocations do not shorten that. With `roles` it publishes the account's new roles.
   *
   * Resolves once every other node has heard it or will read it at its next sweep. Otherwise it rejects.
   */
  publish(revocation: SubjectRevocation, until?: number, bannedUntil?: number): Promise<void>;
  /** Ends what `bannedUntil` began. Credentials from before the ban stay revoked. */
  unban(subject: string): Promise<void>;
  /** Returns the code under which a validly signed credential is revoked, or undefined. */
  check(principal: Principal): Promise<RefusalCode | undefined>;
  /** Returns the roles that were published last, while they outrank a node's directory; undefined if the directory decides. */
  rolesOf(subject: string): Promise<readonly string[] | undefined>;
  /** Calls `listener` for each revocation, of any node. Returns a function that stops this. */
  onRevoked(listener: (revocation: Revocation) => void): () => void;
}

/** The code under which any of them ends the credentials of `principal`; the gravest, which no renewal helps against. */
export function revokedBy(revocations: readonly Revocation[], principal: Principal): RefusalCode | undefined {
  const codes = revocations.filter((each) => revokes(each, principal)).map(({ code }) => code);
  return codes.find((code) => code === 'banned') ?? codes.find((code) => code !== 'roles-changed') ?? codes[0];
}

/** Whether it ends one sign-in or token, and not all of its subject. */
export const isNarrow = ({ sessionId, tokenId }: Pick<Revocation, 'sessionId' | 'tokenId'>): boolean =>
  sessionId !== undefined || tokenId !== undefined;

/** Under which name a subject's revocation of one sign-in or token is kept. */
export const nameOf = ({ sessionId, tokenId }: Pick<Revocation, 'sessionId' | 'tokenId'>): string =>
  JSON.stringify([sessionId, tokenId]);

/** The names of those that would end the credentials of `principal`. */
export const namesFor = ({ sessionId, tokenId }: Principal): string[] =>
  [[sessionId], [undefined, tokenId], [sessionId, tokenId]].map(([session, token]) => JSON.stringify([session, token]));
