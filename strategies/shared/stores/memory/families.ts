import type { PairClaims, RefreshFamilies, Rotation } from '../families.ts';

interface Family {
  readonly pair: PairClaims;
  readonly previousId?: string;
  readonly rotatedAt: number;
}

/** The most families of one subject. One more ends the oldest. */
const MOST_FAMILIES = 1000;

export class MemoryRefreshFamilies implements RefreshFamilies {
  readonly #families = new Map<string, Family>();
  /** The names of each subject's families, in the order in which they began. */
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #epochOf: (subject: string) => number;
  #nextSweep = 0;

  /** `epochOf` tells the epoch that a subject's last revocation began. */
  constructor(epochOf: (subject: string) => number) {
    this.#epochOf = epochOf;
  }

  async begin(pair: PairClaims): Promise<void> {
    this.#sweep(pair.refresh.issuedAt);
    const { subject, sessionId, issuedAt } = pair.refresh;
    this.#families.set(sessionId, { pair, rotatedAt: issuedAt });
    const ofSubject = this.#bySubject.get(subject) ?? new Set();
    this.#bySubject.set(subject, ofSubject.add(sessionId));
    const [oldest] = ofSubject;
    if (ofSubject.size > MOST_FAMILIES) this.#delete(oldest!);
  }

  async rotate(
    sessionId: string,
    presentedId: string,
    next: PairClaims,
    now: number,
    grace: number,
  ): Promise<Rotation> {
    const family = this.#families.get(sessionId);
    if (family === undefined || this.#hasEnded(family)) return { outcome: 'gone' };
    if (presentedId === family.pair.refresh.tokenId) {
      this.#families.set(sessionId, { ...family, pair: next, previousId: presentedId, rotatedAt: now });
      return { outcome: 'rotated', pair: next };
    }
    if (presentedId === family.previousId && now <= family.rotatedAt + grace) {
      return { outcome: 'replayed', pair: family.pair };
    }
    this.#delete(sessionId);
    return { outcome: 'reused' };
  }

  async has(_subject: string, sessionId: string): Promise<boolean> {
    const family = this.#families.get(sessionId);
    return family !== undefined && !this.#hasEnded(family);
  }

  async end(sessionId: string): Promise<void> {
    this.#delete(sessionId);
  }

  #delete(sessionId: string): void {
    const subject = this.#families.get(sessionId)?.pair.refresh.subject ?? '';
    this.#families.delete(sessionId);
    const ofSubject = this.#bySubject.get(subject);
    if (ofSubject?.delete(sessionId) && ofSubject.size === 0) this.#bySubject.delete(subject);
  }

  #hasEnded({ pair: { refresh } }: Family): boolean {
    return refresh.epoch < this.#epochOf(refresh.subject);
  }

  #sweep(now: number): void {
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + 60_000;
    for (const [id, family] of this.#families) {
      if (family.pair.refresh.expiresAt <= now || this.#hasEnded(family)) this.#delete(id);
    }
  }
}
