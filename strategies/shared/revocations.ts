import type { Principal, Revocation } from '../strategy.ts';
import type { Clock } from './clock.ts';
import type { RefusalCode } from './refusals.ts';
import { revokedBy } from './revocation.ts';

/** One that is remembered, and so has a subject to be remembered by. */
export type SubjectRevocation = Revocation & { readonly subject: string };

/**
 * The deny-list and the kick bus in one: what is revoked is remembered, so that no reconnect passes,
 * and told to the listeners, so that live connections end.
 */
export interface Revocations {
  /**
   * Tells the listeners of this process at once, and remembers until `until` (ms since the epoch), when the last credential that it matches
   * has expired anyway. Without `until` nothing is remembered: the connections end, and the credential does not.
   * Resolves once every other node has heard it, or is known to hear of it soon; rejects where that is not known.
   */
  publish(revocation: SubjectRevocation, until?: number): Promise<void>;
  /** The code under which a validly signed credential is revoked; undefined where it is not. */
  check(principal: Principal): Promise<RefusalCode | undefined>;
  onRevoked(listener: (revocation: Revocation) => void): () => void;
}

/** One process's revocations, by subject, each dropped once it has run out. */
export class MemoryRevocations implements Revocations {
  /** Each once, by its own text. */
  readonly #bySubject = new Map<string, Map<string, { readonly revocation: Revocation; readonly until: number }>>();
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  readonly #clock: Clock;
  #nextSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async publish(revocation: SubjectRevocation, until?: number): Promise<void> {
    this.#sweep();
    if (until !== undefined) {
      const known = this.#bySubject.get(revocation.subject) ?? new Map();
      known.set(JSON.stringify(revocation), { revocation, until });
      this.#bySubject.set(revocation.subject, known);
    }
    for (const listener of this.#listeners) listener(revocation);
  }

  async check(principal: Principal): Promise<RefusalCode | undefined> {
    const known = this.#bySubject.get(principal.subject)?.values() ?? [];
    return revokedBy(
      Array.from(known, ({ revocation }) => revocation),
      principal,
    );
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** At most once a minute, so that publishing stays cheap and the list stays as long as it must be. */
  #sweep(): void {
    const now = this.#clock.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + 60_000;
    for (const [subject, entries] of this.#bySubject) {
      for (const [text, { until }] of entries) if (until <= now) entries.delete(text);
      if (entries.size === 0) this.#bySubject.delete(subject);
    }
  }
}
