import type { PairClaims, RefreshFamilies, Rotation } from '../families.ts';
import { StoreError } from '../../errors.ts';
import { accountKey } from './deny-list.ts';
import { LONGEST_COMMAND, type RedisLink } from './link.ts';

/** KEYS: the family. ARGV: the pair, its refresh token's id, now, when that token ends. */
const HAND_OUT = `
redis.call('HSET', KEYS[1], 'pair', ARGV[1], 'current', ARGV[2], 'rotatedAt', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4] - ARGV[3])
`;

/** As above, then the epoch of the sign-in. */
const BEGIN = `
redis.call('HSET', KEYS[1], 'epoch', ARGV[5])
${HAND_OUT}
`;

/** KEYS: the family, its subject's account. Whether the family stands: no revocation of its subject came after it. */
const STANDS = `
local begun = redis.call('HGET', KEYS[1], 'epoch')
local stands = begun and tonumber(begun) >= tonumber(redis.call('HGET', KEYS[2], 'epoch') or '0')
`;

const HAS = `
${STANDS}
return stands and 1 or 0
`;

/**
 * KEYS as above. ARGV: as in HAND_OUT, then the id that is presented, the grace, and until when, by the time of Redis,
 * the caller waits: a rotation that nobody hears of would make whoever asks again a thief.
 */
const ROTATE = `
local time = redis.call('TIME')
if time[1] * 1000 + time[2] / 1000 > tonumber(ARGV[7]) then return {'late'} end
${STANDS}
if not stands then
  redis.call('DEL', KEYS[1])
  return {'gone'}
end
local current, previous, rotatedAt, pair =
  unpack(redis.call('HMGET', KEYS[1], 'current', 'previous', 'rotatedAt', 'pair'))
if current == ARGV[5] then
  redis.call('HSET', KEYS[1], 'previous', current)
  ${HAND_OUT}
  return {'rotated'}
end
if previous == ARGV[5] and tonumber(ARGV[3]) <= rotatedAt + ARGV[6] then return {'replayed', pair} end
redis.call('DEL', KEYS[1])
return {'reused'}
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
    const { sessionId, issuedAt, epoch } = pair.refresh;
    await this.#eval(BEGIN, [this.#familyKey(sessionId)], [...handedOut(pair, issuedAt), String(epoch)]);
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
    const parameters = [...handedOut(next, now), presentedId, String(grace), String(heardUntil)];
    const reply = await this.#eval(ROTATE, this.#keys(next.refresh.subject, sessionId), parameters);
    const [outcome, pair = ''] = reply as [Rotation['outcome'] | 'late', string?];
    if (outcome === 'late') throw new StoreError('Redis did not answer in time');
    if (outcome === 'rotated') return { outcome, pair: next };
    return outcome === 'replayed' ? { outcome, pair: JSON.parse(pair) as PairClaims } : { outcome };
  }

  async has(subject: string, sessionId: string): Promise<boolean> {
    return (await this.#eval(HAS, this.#keys(subject, sessionId), [])) === 1;
  }

  async end(sessionId: string): Promise<void> {
    await this.#link.deliver(`end ${sessionId}`, sessionId, (client) => client.del(this.#familyKey(sessionId)));
  }

  #eval(script: string, keys: string[], parameters: string[]): Promise<unknown> {
    return this.#link.ask((client) => client.eval(script, { keys, arguments: parameters }));
  }

  #keys(subject: string, sessionId: string): string[] {
    return [this.#familyKey(sessionId), accountKey(this.#prefix, subject)];
  }

  #familyKey(sessionId: string): string {
    return `${this.#prefix}family:${sessionId}`;
  }
}

/** What HAND_OUT takes. */
function handedOut(pair: PairClaims, now: number): string[] {
  const { tokenId, expiresAt } = pair.refresh;
  return [JSON.stringify(pair), tokenId, String(Math.floor(now)), String(Math.ceil(expiresAt))];
}
