/** A token bucket: so many a second on average, and `size` of them at once. It starts full. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #size: number;
  #left: number;
  #filledAt: number;

  /** `now` is the time of the clock, in ms, as in `take`. */
  constructor(perSecond: number, size: number, now: number) {
    this.#perSecond = perSecond;
    this.#size = size;
    this.#left = size;
    this.#filledAt = now;
  }

  /** Takes `count` tokens where there is one at least, and answers whether there was; what is missing is owed. */
  take(now: number, count = 1): boolean {
    this.#fill(now);
    if (this.#left < 1) return false;
    this.#left -= count;
    return true;
  }

  /** Whether all tokens are there. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#left >= this.#size;
  }

  #fill(now: number): void {
    // A clock that was set back owes nothing.
    const passed = Math.max(0, now - this.#filledAt);
    this.#left = Math.min(this.#size, this.#left + (passed / 1000) * this.#perSecond);
    this.#filledAt = now;
  }
}
