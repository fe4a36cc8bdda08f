import type { Clock } from '../strategies/strategy.ts';
import { TokenBucket } from './token-bucket.ts';

/** How many seconds' worth of a rate may come at once. */
export const BURST_SECONDS = 10;

/**
 * What one socket may send. Events beyond the rate are refused, and the refusals have a budget of their own: ten
 * seconds' worth of the rate, which comes back at a tenth of the rate. So a client that stays up to 10% over the rate
 * is only refused what is over it, and one that sends more is cut, however steadily it sends.
 */
export class EventBudget {
  readonly #events: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor(perSecond: number, clock: Clock) {
    const burst = perSecond * BURST_SECONDS;
    this.#events = new TokenBucket(perSecond, burst, clock);
    this.#refusals = new TokenBucket(perSecond / 10, burst, clock);
  }

  /** What becomes of one more event. */
  spend(): 'pass' | 'refuse' | 'cut' {
    if (this.#events.take()) return 'pass';
    return this.#refusals.take() ? 'refuse' : 'cut';
  }
}
