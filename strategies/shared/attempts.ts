import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** How long an attempt counts, in ms, from the first one of its name. */
export const ATTEMPT_WINDOW = 15 * 60_000;

export interface Counted {
  /** How many attempts there are under this name, this one included. */
  readonly count: number;
  /** In how many ms they are all forgotten. */
  readonly endsIn: number;
}

/** Counts attempts by a name, such as the hash of an address. Every step is atomic, on all nodes that share the store. */
export interface Attempts {
  /** Counts one more. */
  add(name: string): Promise<Counted>;
  /** Takes one back, where any is counted. */
  takeBack(name: string): Promise<void>;
  /** Forgets them all. */
  clear(name: string): Promise<void>;
}

/** rate-limiter-flexible counts; what the counts mean is the caller's business. */
export const limiterOptions = { points: 1, duration: ATTEMPT_WINDOW / 1000 } as const;

export const countedIn = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Counted => ({
  count: consumedPoints,
  endsIn: msBeforeNext,
});

/** For one process. It keeps a bounded number of names; the one that is oldest gives way to a new one. */
export class MemoryAttempts implements Attempts {
  readonly #limiter = new RateLimiterMemory(limiterOptions);
  /** In the order in which they were first counted. */
  readonly #names = new Set<string>();
  readonly #most: number;

  constructor(most = 100_000) {
    this.#most = most;
  }

  async add(name: string): Promise<Counted> {
    this.#names.add(name);
    const [oldest] = this.#names;
    if (this.#names.size > this.#most && oldest !== undefined) await this.clear(oldest);
    const counted = countedIn(await this.#limiter.penalty(name));
    if (counted.count === 1) {
      // It begins anew, and so does its place in the order.
      this.#names.delete(name);
      this.#names.add(name);
    }
    return counted;
  }

  async takeBack(name: string): Promise<void> {
    const now = await this.#limiter.get(name);
    if (now !== null && now.consumedPoints > 0 && now.msBeforeNext > 0) await this.#limiter.reward(name);
  }

  async clear(name: string): Promise<void> {
    this.#names.delete(name);
    await this.#limiter.delete(name);
  }
}
