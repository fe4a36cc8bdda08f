import type { Clock } from '../strategies/strategy.ts';

const BURST_SECONDS = 10;

/** A token bucket for one socket's events: it holds ten seconds' worth. */
export class EventBudget {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #filledAt: number;
  #refused = 0;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#left = perSecond * BURST_SECONDS;
    this.#filledAt = clock.now();
  }

  /** Whether one more event may pass; `cut` after as many refusals in a row as the bucket holds. */
  spend(): 'pass' | 'refuse' | 'cut' {
    const size = this.#perSecond * BURST_SECONDS;
    const now = this.#clock.now();
    this.#left = Math.min(size, this.#left + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#left >= 1) {
      this.#left -= 1;
      this.#refused = 0;
      return 'pass';
    }
    this.#refused += 1;
    return this.#refused > size ? 'cut' : 'refuse';
  }
}
