import type { Principal, Revocation } from '../../../strategy.ts';
import type { Clock } from '../../clock.ts';
import type { RefusalCode } from '../../refusals.ts';
import { type AccountRecord, revocationsIn, rolesIn } from '../account-record.ts';
import {
  isNarrow,
  MOST_NARROW,
  nameOf,
  namesFor,
  revokedBy,
  type Revocations,
  type SubjectRevocation,
} from '../revocations.ts';

interface Known {
  account: AccountRecord;
  /** Revocations of a single sign-in or token, by their names. */
  readonly narrow: Map<string, { readonly revocation: Revocation; readonly until: number }>;
}

/**
 * One process's revocations, by subject, each dropped once it has run out. They do not survive the process. So a
 * credential that another process issued is refused: its revocation may be forgotten.
 */
export class MemoryRevocations implements Revocations {
  readonly #bySubject = new Map<string, Known>();
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  readonly #clock: Clock;
  /** The first epoch of this process, by the time in microseconds. No process counts so many that it meets a later one's. */
  readonly #begun: number;
  #epoch: number;
  #nextSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begun = Math.round(clock.now() * 1000);
    this.#epoch = this.#begun;
  }

  async epoch(): Promise<number> {
    return this.#epoch;
  }

  async publish(revocation: SubjectRevocation, until?: number, bannedUntil?: number): Promise<void> {
    this.#sweep();
    const widened = until !== undefined && this.#remember(revocation, until, bannedUntil);
    for (const listener of this.#listeners) {
      listener(revocation);
      if (widened) listener({ code: 'revoked', subject: revocation.subject });
    }
  }

  async unban(subject: string): Promise<void> {
    const known = this.#bySubject.get(subject);
    if (known !== undefined) known.account = { ...known.account, bannedUntil: 0 };
  }

  async check(principal: Principal): Promise<RefusalCode | undefined> {
    const { subject, epoch = 0, issuedAt } = principal;
    const known = this.#bySubject.get(subject);
    const narrow = namesFor(principal).flatMap((name) => known?.narrow.get(name)?.revocation ?? []);
    // This process issued only epochs between these two. Any other comes from an earlier process (or, where a clock was
    // set back, from one whose clock was ahead). A token of another issuer has none.
    const isOurs = issuedAt !== undefined || (epoch >= this.#begun && epoch <= this.#epoch);
    const ended = isOurs ? [] : [{ code: 'revoked' as const }];
    return revokedBy([...ended, ...narrow, ...revocationsIn(known?.account ?? {}, this.#clock.now())], principal);
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

  /** Answers whether all sign-ins of the subject so far have ended, though one alone was to. */
  #remember(revocation: SubjectRevocation, until: number, bannedUntil?: number): boolean {
    const { subject, code, roles } = revocation;
    const known = this.#bySubject.get(subject) ?? { account: {}, narrow: new Map() };
    this.#bySubject.set(subject, known);
    if (isNarrow(revocation)) {
      const name = nameOf(revocation);
      known.narrow.set(name, { revocation, until: Math.max(until, known.narrow.get(name)?.until ?? 0) });
      return known.narrow.size > MOST_NARROW && this.#widen(known);
    }
    if (roles !== undefined) {
      known.account = { ...known.account, roles, rolesUntil: until };
    } else {
      this.#endAll(known, code, until);
      if (bannedUntil !== undefined) known.account = { ...known.account, bannedUntil };
    }
    return false;
  }

  /** Replaces the single revocations by one for the whole account, unless enough of them have run out. */
  #widen(known: Known): boolean {
    const now = this.#clock.now();
    for (const [name, { until }] of known.narrow) if (until <= now) known.narrow.delete(name);
    if (known.narrow.size <= MOST_NARROW) return false;
    this.#endAll(known, 'revoked', Math.max(...Array.from(known.narrow.values(), ({ until }) => until)));
    known.narrow.clear();
    return true;
  }

  #endAll(known: Known, code: RefusalCode, until: number): void {
    this.#epoch = Math.max(this.#epoch + 1, Math.round(this.#clock.now() * 1000));
    known.account = { ...known.account, epoch: this.#epoch, code, until: Math.max(until, known.account.until ?? 0) };
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
