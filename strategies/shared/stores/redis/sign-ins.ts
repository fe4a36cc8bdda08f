import type { Clock } from '../../clock.ts';
import {
  type Entering,
  type KeptName,
  type KeptSignIn,
  LEFT_FOR,
  MOST_SIGN_INS,
  signInsOf,
  type SignIns,
} from '../sign-ins.ts';
import type { RedisLink } from './link.ts';

/** In a hash of the user: each name with `place epoch until hasLeft`. KEYS: the hash. ARGV: now. */
const READ = `
local now = tonumber(ARGV[1])
local kept, count, last, longest = {}, 0, 0, now
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local place, epoch, ends, left = string.match(all[index + 1], '^(%d+) (%d+) (%d+) (%d)$')
  if tonumber(ends) <= now then redis.call('HDEL', KEYS[1], all[index])
  else
    kept[all[index]] = {place = tonumber(place), epoch = epoch, ends = tonumber(ends), left = left}
    count, last, longest = count + 1, math.max(last, tonumber(place)), math.max(longest, tonumber(ends))
  end
end
local function keep(name, one)
  kept[name] = one
  local place, ends = string.format('%.0f', one.place), string.format('%.0f', one.ends)
  redis.call('HSET', KEYS[1], name, place .. ' ' .. one.epoch .. ' ' .. ends .. ' ' .. one.left)
end
`;

/** ARGV, after now: the name, its epoch, its end, the name that it continues (or none), and the most that are kept. */
const ENTER = `
${READ}
local name, ends = ARGV[2], tonumber(ARGV[4])
local own = kept[name]
local before = own or kept[ARGV[5]]
if before and before.left == '1' then return {} end
if own then ends = math.max(ends, own.ends) else count = count + 1 end
local place, epoch = last + 1, ARGV[3]
if before then place, epoch = before.place, before.epoch end
keep(name, {place = place, epoch = epoch, ends = ends, left = '0'})
if count > tonumber(ARGV[6]) then
  local oldest
  for other, one in pairs(kept) do
    if other ~= name and (not oldest or one.place < kept[oldest].place) then oldest = other end
  end
  redis.call('HDEL', KEYS[1], oldest)
  kept[oldest] = nil
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(longest, ends) - now))
local answer = {}
for other, one in pairs(kept) do
  if one.left == '0' then
    for _, value in ipairs({other, string.format('%.0f', one.place), one.epoch, string.format('%.0f', one.ends)}) do
      table.insert(answer, value)
    end
  end
end
return answer
`;

/** ARGV, after now: the name, and for how many ms it is known that it left. */
const LEAVE = `
${READ}
local one = kept[ARGV[2]]
if not one then return end
one.left, one.ends = '1', math.min(one.ends, now + ARGV[3])
keep(ARGV[2], one)
`;

/** Each step is one script, which Redis runs alone: the order of the sign-ins on all nodes is that of the scripts. */
export class RedisSignIns implements SignIns {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(link: RedisLink, prefix: string, clock: Clock) {
    this.#link = link;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async enter(
    subject: string,
    { name, epoch, until, continues = '' }: Entering,
  ): Promise<readonly KeptSignIn[] | undefined> {
    const reply = await this.#eval(ENTER, subject, [name, epoch, Math.ceil(until), continues, MOST_SIGN_INS]);
    const kept = namesIn(reply as string[]);
    // The own name is always on the list, unless it has left.
    return kept.length === 0 ? undefined : signInsOf(kept);
  }

  async leave(subject: string, name: string): Promise<void> {
    await this.#eval(LEAVE, subject, [name, LEFT_FOR]);
  }

  #eval(script: string, subject: string, parameters: readonly (string | number)[]): Promise<unknown> {
    const given = [Math.floor(this.#clock.now()), ...parameters].map(String);
    const keys = [`${this.#prefix}sign-ins:${subject}`];
    return this.#link.ask((client) => client.eval(script, { keys, arguments: given }));
  }
}

function namesIn(reply: readonly string[]): KeptName[] {
  const names: KeptName[] = [];
  for (let index = 0; index < reply.length; index += 4) {
    const [name = '', place, epoch, until] = reply.slice(index, index + 4);
    names.push({ name, place: Number(place), epoch: Number(epoch), until: Number(until) });
  }
  return names;
}
