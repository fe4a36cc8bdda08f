import type { Clock } from '../strategies/strategy.ts';

/** A token bucket: so many a second on average, and `size` of them at once. It starts full. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #size: number;
  readonly #clock: Clock;
  #left: number;
  #filledAt: number;

  constructor(perSecond: number, size: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#size = size;
    this.#clock = clock;
    this.#left = size;
    this.#filledAt = clock.now();
  }

  /** Takes `count` tokens where there is one at least, and answers whether there was; what is missing is owed. */
  take(count = 1): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(this.#size, this.#left + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= count;
    return true;
  }
}
