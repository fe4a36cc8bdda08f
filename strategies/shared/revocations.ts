import type { Principal, Revocation } from '../strategy.ts';
import { type AccountRecord, revocationsIn, rolesIn } from './account-record.ts';
import type { Clock } from './clock.ts';
import type { RefusalCode } from './refusals.ts';
import { revokedBy } from './revocation.ts';

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
  /** The code under which a validly signed credential is revoked; undefined where it is not. */
  check(principal: Principal): Promise<RefusalCode | undefined>;
  /** The roles that were published last, while they outrank a node's directory; undefined where it decides. */
  rolesOf(subject: string): Promise<readonly string[] | undefined>;
  onRevoked(listener: (revocation: Revocation) => void): () => void;
}

interface Known {
  account: AccountRecord;
  /** Of one sign-in or token; each once, by its own text. */
  readonly narrow: Map<string, { readonly revocation: Revocation; readonly until: number }>;
}

/** One process's revocations, by subject, each dropped once it has run out. */
export class MemoryRevocations implements Revocations {
  readonly #bySubject = new Map<string, Known>();
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  readonly #clock: Clock;
  #epoch = 0;
  #nextSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async epoch(): Promise<number> {
    return this.#epoch;
  }

  async publish(revocation: SubjectRevocation, until?: number, bannedUntil?: number): Promise<void> {
    this.#sweep();
    if (until !== undefined) this.#remember(revocation, until, bannedUntil);
    for (const listener of this.#listeners) listener(revocation);
  }

  async unban(subject: string): Promise<void> {
    const known = this.#bySubject.get(subject);
    if (known !== undefined) known.account = { ...known.account, bannedUntil: 0 };
  }

  async check(principal: Principal): Promise<RefusalCode | undefined> {
    // A credential of an earlier process, whose clock was ahead: the next epoch is above it all the same.
    this.#epoch = Math.max(this.#epoch, principal.epoch ?? 0);
    const known = this.#bySubject.get(principal.subject);
    if (known === undefined) return undefined;
    const narrow = Array.from(known.narrow.values(), ({ revocation }) => revocation);
    return revokedBy([...narrow, ...revocationsIn(known.account, this.#clock.now())], principal);
  }

  async rolesOf(subject: string): Promise<readonly string[] | undefined> {
    return rolesIn(this.#bySubject.get(subject)?.account ?? {}, this.#clock.now());
  }

  /** Sign-ins of this subject that read an earlier epoch have ended. */
  epochOf(subject: string): number {
    return this.#bySubject.get(subject)?.account.epoch ?? 0;
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #remember(revocation: SubjectRevocation, until: number, bannedUntil?: number): void {
    const { subject, code, sessionId, tokenId, roles } = revocation;
    const known = this.#bySubject.get(subject) ?? { account: {}, narrow: new Map() };
    this.#bySubject.set(subject, known);
    if (sessionId !== undefined || tokenId !== undefined) {
      known.narrow.set(JSON.stringify(revocation), { revocation, until });
    } else if (roles === undefined) {
      // A process that starts anew goes on from the time, and not from 0: older credentials carry the epochs of before.
      this.#epoch = Math.max(this.#epoch + 1, this.#clock.now() * 1000);
      known.account = {
        ...known.account,
        epoch: this.#epoch,
        code,
        until,
        ...(bannedUntil !== undefined && { bannedUntil }),
      };
    } else {
      known.account = { ...known.account, roles, rolesUntil: until };
    }
  }

  /** At most once a minute, so that publishing stays cheap and the list stays as long as it must be. */
  #sweep(): void {
    const now = this.#clock.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + 60_000;
    for (const [subject, { account, narrow }] of this.#bySubject) {
      for (const [text, { until }] of narrow) if (until <= now) narrow.delete(text);
      const { until = 0, bannedUntil = 0, rolesUntil = 0 } = account;
      if (narrow.size === 0 && Math.max(until, bannedUntil, rolesUntil) <= now) this.#bySubject.delete(subject);
    }
  }
}
