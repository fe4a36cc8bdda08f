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

  /** Takes one token, and answers whether there was one. */
  take(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(this.#size, this.#left + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
