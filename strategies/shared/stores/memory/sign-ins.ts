import type { Clock } from '../../clock.ts';
import {
  type Entering,
  type KeptName,
  type KeptSignIn,
  LEFT_FOR,
  MOST_SIGN_INS,
  signInsOf,
  type SignIns,
} from '../sign-ins.ts';

interface Kept extends KeptName {
  readonly hasLeft: boolean;
}

/** Sign-ins in the memory of one process. */
export class MemorySignIns implements SignIns {
  readonly #clock: Clock;
  readonly #bySubject = new Map<string, Map<string, Kept>>();
  #lastPlace = 0;
  #nextSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async enter(subject: string, { name, continues, ...times }: Entering): Promise<readonly KeptSignIn[] | undefined> {
    this.#sweep();
    const kept = this.#of(subject);
    const own = kept.get(name);
    const before = own ?? (continues === undefined ? undefined : kept.get(continues));
    if (before?.hasLeft) return undefined;
    const until = Math.max(times.until, own?.until ?? 0);
    const { place, epoch } = before ?? { place: (this.#lastPlace += 1), epoch: times.epoch };
    kept.set(name, { name, place, epoch, until, hasLeft: false });
    // In the order in which they entered, which is the Map's.
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_SIGN_INS) break;
      kept.delete(oldest);
    }
    this.#bySubject.set(subject, kept);
    return signInsOf(Array.from(kept.values()).filter(({ hasLeft }) => !hasLeft));
  }

  async leave(subject: string, name: string): Promise<void> {
    const kept = this.#of(subject);
    const one = kept.get(name);
    if (one === undefined) return;
    kept.set(name, { ...one, hasLeft: true, until: Math.min(one.until, this.#clock.now() + LEFT_FOR) });
  }

  /** Without those that have run out. */
  #of(subject: string): Map<string, Kept> {
    const kept = this.#bySubject.get(subject) ?? new Map<string, Kept>();
    const now = this.#clock.now();
    for (const [name, { until }] of kept) if (until <= now) kept.delete(name);
    return kept;
  }

  /** At most once a minute. */
  #sweep(): void {
    const now = this.#clock.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + 60_000;
    for (const subject of this.#bySubject.keys()) if (this.#of(subject).size === 0) this.#bySubject.delete(subject);
  }
}
