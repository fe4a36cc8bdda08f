import { ATTEMPT_WINDOW, type Attempts, type Counted } from '../attempts.ts';
import { StoreError } from '../../errors.ts';
import { LONGEST_COMMAND, type RedisLink } from './link.ts';

/**
 * KEYS: the counter. ARGV: how long it lives, in ms, and until when, by the time of Redis, the caller waits: an attempt
 * that Redis counts later was refused as `unavailable`, and whoever tried again would be locked out without a wrong password.
 */
const ADD = `
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[2]) then return {'late'} end
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
`;

/** KEYS: the counter. It never falls below none, where its window has passed. */
const TAKE_BACK = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 1 then redis.call('DECR', KEYS[1]) else redis.call('DEL', KEYS[1]) end
`;

/** Counts by the time of Redis, for all nodes. Where Redis is away, nothing is counted and a StoreError is thrown. */
export class RedisAttempts implements Attempts {
  readonly #link: RedisLink;
  readonly #prefix: string;

  constructor(link: RedisLink, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
  }

  /** @throws StoreError where Redis does not answer in time; what it comes to later, it does not count */
  async add(name: string): Promise<Counted> {
    // Half of what it waits for: clocks agree less than to the millisecond.
    const heardUntil = this.#link.now() + LONGEST_COMMAND / 2;
    const reply = await this.#eval(ADD, name, [String(ATTEMPT_WINDOW), String(heardUntil)]);
    const [count, endsIn] = reply as [number, number] | ['late', undefined];
    if (count === 'late') throw new StoreError('Redis did not answer in time');
    return { count, endsIn };
  }

  async takeBack(name: string): Promise<void> {
    await this.#eval(TAKE_BACK, name, []);
  }

  async clear(name: string): Promise<void> {
    await this.#link.ask((client) => client.del(this.#key(name)));
  }

  #eval(script: string, name: string, parameters: string[]): Promise<unknown> {
    return this.#link.ask((client) => client.eval(script, { keys: [this.#key(name)], arguments: parameters }));
  }

  #key(name: string): string {
    return `${this.#prefix}attempts:${name}`;
  }
}
