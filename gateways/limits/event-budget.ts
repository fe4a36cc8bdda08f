import { TokenBucket } from './token-bucket.ts';

/** How many seconds' worth of the rate may come at once, and may be refused at once before the connection is cut. */
const BURST_SECONDS = 2;

/**
 * The events that one socket may send. Events beyond the rate are refused, and the refusals have a budget too: two
 * seconds' worth of the rate, which comes back at a tenth of the rate. So a client that stays up to 10% over the rate
 * is only refused what is over it, and one that sends more is cut, however steadily it sends.
 */
export class EventBudget {
  readonly #events: TokenBucket;
  readonly #refusals: TokenBucket;

  /** `now` is the time of the clock, in ms, as in `spend`. */
  constructor(perSecond: number, now: number) {
    const burst = perSecond * BURST_SECONDS;
    this.#events = new TokenBucket(perSecond, burst, now);
    this.#refusals = new TokenBucket(perSecond / 10, burst, now);
  }

  /** Decides on one more event. `others` takes it from another limit, and is asked only for what this one lets pass. */
  spend(now: number, others: () => boolean): 'pass' | 'refuse' | 'cut' {
    if (this.#events.take(now) && others()) return 'pass';
    return this.#refusals.take(now) ? 'refuse' : 'cut';
  }
}
