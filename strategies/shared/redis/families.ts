import type { PairClaims, RefreshFamilies, Rotation } from '../refresh-families.ts';
import { StoreError } from '../errors.ts';
import { LONGEST_COMMAND, type RedisLink } from './link.ts';

/** KEYS: the family, its subject's families. ARGV: its id, the pair, its refresh token's id, now, when it ends. */
const HAND_OUT = `
redis.call('HSET', KEYS[1], 'pair', ARGV[2], 'current', ARGV[3], 'rotatedAt', ARGV[4], 'subjectKey', KEYS[2])
redis.call('PEXPIRE', KEYS[1], ARGV[5] - ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
if redis.call('PTTL', KEYS[2]) < ARGV[5] - ARGV[4] then redis.call('PEXPIRE', KEYS[2], ARGV[5] - ARGV[4]) end
`;

const BEGIN = `
redis.call('HSET', KEYS[1], 'begunAt', ARGV[4])
${HAND_OUT}
`;

/**
 * KEYS as above. ARGV: as above, then the id that is presented, the grace, and until when, by the time of Redis, the
 * caller waits: a rotation that nobody hears of would make whoever asks again a thief.
 */
const ROTATE = `
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[8]) then return {'late'} end
local current, previous, rotatedAt, pair =
  unpack(redis.call('HMGET', KEYS[1], 'current', 'previous', 'rotatedAt', 'pair'))
if not current then return {'gone'} end
if current == ARGV[6] then
  redis.call('HSET', KEYS[1], 'previous', current)
  ${HAND_OUT}
  return {'rotated'}
end
if previous == ARGV[6] and tonumber(ARGV[4]) <= rotatedAt + ARGV[7] then return {'replayed', pair} end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {'reused'}
`;

/** KEYS: the family. ARGV: its id. */
const END = `
local subjectKey = redis.call('HGET', KEYS[1], 'subjectKey')
if subjectKey then redis.call('ZREM', subjectKey, ARGV[1]) end
return redis.call('DEL', KEYS[1])
`;

/** KEYS: the subject's families. ARGV: what a family's key begins with, and when the last one began that ends. */
const END_ALL = `
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local begunAt = redis.call('HGET', ARGV[1] .. id, 'begunAt')
  if not begunAt or tonumber(begunAt) <= tonumber(ARGV[2]) then
    redis.call('DEL', ARGV[1] .. id)
    redis.call('ZREM', KEYS[1], id)
  end
end
`;

/** Each step is one script, which Redis runs alone: of any number of renewals at once, on any nodes, one rotates. */
export class RedisRefreshFamilies implements RefreshFamilies {
  readonly #link: RedisLink;
  readonly #prefix: string;

  constructor(link: RedisLink, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
  }

  async begin(pair: PairClaims): Promise<void> {
    const { sessionId, issuedAt } = pair.refresh;
    await this.#eval(BEGIN, this.#keys(sessionId, pair), this.#arguments(sessionId, pair, issuedAt));
  }

  async rotate(
    sessionId: string,
    presentedId: string,
    next: PairClaims,
    now: number,
    grace: number,
  ): Promise<Rotation> {
    // Half of what it waits for: clocks agree less than to the millisecond.
    const heardUntil = this.#link.now() + LONGEST_COMMAND / 2;
    const parameters = [...this.#arguments(sessionId, next, now), presentedId, String(grace), String(heardUntil)];
    const reply = await this.#eval(ROTATE, this.#keys(sessionId, next), parameters);
    const [outcome, pair = ''] = reply as [Rotation['outcome'] | 'late', string?];
    if (outcome === 'late') throw new StoreError('Redis did not answer in time');
    if (outcome === 'rotated') return { outcome, pair: next };
    return outcome === 'replayed' ? { outcome, pair: JSON.parse(pair) as PairClaims } : { outcome };
  }

  async has(sessionId: string): Promise<boolean> {
    return (await this.#link.ask((client) => client.exists(this.#familyKey(sessionId)))) === 1;
  }

  async end(sessionId: string): Promise<void> {
    const keys = [this.#familyKey(sessionId)];
    await this.#link.deliver(`end ${sessionId}`, (client) => client.eval(END, { keys, arguments: [sessionId] }));
  }

  async endAll(subject: string, begunUntil: number): Promise<void> {
    const keys = [this.#subjectKey(subject)];
    const parameters = { keys, arguments: [this.#familyKey(''), String(begunUntil)] };
    await this.#link.deliver(`end all ${subject}`, (client) => client.eval(END_ALL, parameters));
  }

  #eval(script: string, keys: string[], parameters: string[]): Promise<unknown> {
    return this.#link.ask((client) => client.eval(script, { keys, arguments: parameters }));
  }

  #keys(sessionId: string, { refresh }: PairClaims): string[] {
    return [this.#familyKey(sessionId), this.#subjectKey(refresh.subject)];
  }

  #arguments(sessionId: string, pair: PairClaims, now: number): string[] {
    const { tokenId, endsAt } = pair.refresh;
    return [sessionId, JSON.stringify(pair), tokenId, String(Math.floor(now)), String(Math.ceil(endsAt))];
  }

  #familyKey(sessionId: string): string {
    return `${this.#prefix}family:${sessionId}`;
  }

  #subjectKey(subject: string): string {
    return `${this.#prefix}families-of:${subject}`;
  }
}
