import { TokenBucket } from './token-bucket.ts';

/** Above this number of networks, those with a full budget are forgotten. */
const FEW = 1024;

/** One budget for all that comes from a network, over all of its connections. It outlives them, until it is full again. */
export class NetworkBudgets {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #perSecond: number;
  readonly #burst: number;
  #pruneAt = FEW;

  /** `burstSeconds` is how many seconds' worth of the rate may come at once. */
  constructor(perSecond: number, burstSeconds: number) {
    this.#perSecond = perSecond;
    this.#burst = perSecond * burstSeconds;
  }

  /** The budget of `network` at `now` (ms). */
  of(network: string, now: number): TokenBucket {
    const known = this.#buckets.get(network);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#pruneAt) this.#prune(now);
    const bucket = new TokenBucket(this.#perSecond, this.#burst, now);
    this.#buckets.set(network, bucket);
    return bucket;
  }

  #prune(now: number): void {
    for (const [network, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(network);
    this.#pruneAt = Math.max(FEW, 2 * this.#buckets.size);
  }
}
