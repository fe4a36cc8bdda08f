import { RateLimiterRedis } from 'rate-limiter-flexible';
import { type Attempts, type Counted, countedIn, limiterOptions } from '../attempts.ts';
import type { RedisLink } from './link.ts';

/**
 * In the place of the package's own script, which would count below zero where the last attempt is taken back after its
 * window has passed. KEYS: the counter. ARGV: by how much it changes, and for how many seconds it lives.
 */
const CHANGE = `
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count <= 0 then
  redis.call('DEL', KEYS[1])
  return {0, 0}
end
if count == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return {count, redis.call('PTTL', KEYS[1])}
`;

/** Counts by the time of Redis, for all nodes. Where Redis is away, nothing is counted and a StoreError is thrown. */
export class RedisAttempts implements Attempts {
  readonly #link: RedisLink;
  readonly #limiter: RateLimiterRedis;

  constructor(link: RedisLink, prefix: string) {
    this.#link = link;
    this.#limiter = new RateLimiterRedis({
      ...limiterOptions,
      storeClient: link.commands,
      useRedisPackage: true,
      keyPrefix: `${prefix}attempts`,
      customIncrTtlLuaScript: CHANGE,
    });
  }

  async add(name: string): Promise<Counted> {
    return countedIn(await this.#link.ask(() => this.#limiter.penalty(name)));
  }

  async takeBack(name: string): Promise<void> {
    await this.#link.ask(() => this.#limiter.reward(name));
  }

  async clear(name: string): Promise<void> {
    await this.#link.ask(() => this.#limiter.delete(name));
  }
}
