import type { Revocation } from '../../../strategy.ts';
import type { AccountRecord } from '../account-record.ts';
import { type RefusalCode, refusals } from '../../refusals.ts';
import { type Check, listOf, number, optional, shapeOf, text } from '../../shape.ts';

/** Keeps a key until `keepUntil`, or for longer where it held something longer. */
const KEEP = `
if redis.call('PTTL', KEYS[1]) < keepUntil - ARGV[3] then redis.call('PEXPIRE', KEYS[1], keepUntil - ARGV[3]) end
`;

/**
 * One sign-in or token: remembered by its name, beside the others of its account, which are counted without those that
 * have run out. All nodes were told of what is remembered already.
 */
const REMEMBER_ONE = `
local knownUntil, known = string.match(redis.call('HGET', KEYS[1], ARGV[8]) or '0 ', '^(%d+) (.*)$')
local keepUntil = math.max(knownUntil, ARGV[4])
redis.call('HSET', KEYS[1], ARGV[8], string.format('%.0f', keepUntil) .. ' ' .. ARGV[2])
${KEEP}
count = redis.call('HLEN', KEYS[1])
if count > tonumber(ARGV[9]) then
  count = 0
  local all = redis.call('HGETALL', KEYS[1])
  for index = 1, #all, 2 do
    if tonumber(string.match(all[index + 1], '^%d+')) > tonumber(ARGV[3]) then count = count + 1
    else redis.call('HDEL', KEYS[1], all[index]) end
  end
end
if tonumber(knownUntil) > tonumber(ARGV[3]) and known == ARGV[2] then return {'', {}, count} end
`;

/**
 * Begins a new epoch. It is above every epoch before it, above every epoch that the caller has seen on a credential, and
 * not below the time in microseconds: a Redis that lost its data goes on above the epochs that credentials carry. A ban
 * that stands is not touched by what is no ban. It takes the place of what is remembered of single sign-ins and tokens
 * where that is too much.
 */
const REMEMBER_ALL = `
local last = tonumber(redis.call('GET', KEYS[4]) or '0')
local now = redis.call('TIME')
local epoch = string.format('%.0f', math.max(last + 1, ARGV[10] + 1, now[1] * 1000000 + now[2]))
redis.call('SET', KEYS[4], epoch)
local keepUntil = math.max(ARGV[4], redis.call('HGET', KEYS[1], 'until') or '0')
if redis.call('HLEN', KEYS[6]) > tonumber(ARGV[11]) then
  for _, one in ipairs(redis.call('HVALS', KEYS[6])) do keepUntil = math.max(keepUntil, string.match(one, '^%d+')) end
  redis.call('DEL', KEYS[6])
end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'code', ARGV[8], 'until', string.format('%.0f', keepUntil))
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[1], 'bannedUntil', ARGV[9])
  keepUntil = math.max(keepUntil, ARGV[9])
end
${KEEP}
entry = string.gsub(entry, '"epoch":0', '"epoch":' .. epoch, 1)
`;

/** What roles an account has now. */
const REMEMBER_ROLES = `
redis.call('HSET', KEYS[1], 'roles', ARGV[8], 'rolesUntil', ARGV[4])
local keepUntil = tonumber(ARGV[4])
${KEEP}
`;

/**
 * Remembers a revocation, writes it into the log and tells every node, all in one. It runs once for each publication,
 * however often it is delivered: a second run would end sign-ins that came after the first one.
 * KEYS: where it is remembered, the log, the nodes, the epoch, the publication, the account's single ones. ARGV: the entry, the revocation, now,
 * until when it is remembered, for how many ms the log keeps an entry, within how many ms a node was heard of, the
 * channel, and what REMEMBER_ONE, REMEMBER_ALL or REMEMBER_ROLES take.
 * Answers the entry's id, the nodes, and how many single ones are remembered now; no id where all of them were told before.
 */
const publish = (remember: string): string => `
if redis.call('EXISTS', KEYS[5]) == 1 then return {'', {}, 0} end
local entry = ARGV[1]
local count = 0
${remember}
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local id = redis.call('XADD', KEYS[2], 'MINID', '~', string.format('%.0f', ms - ARGV[5]), '*', 'entry', entry)
redis.call('PUBLISH', ARGV[7], id .. ' ' .. entry)
redis.call('SET', KEYS[5], '', 'PX', ARGV[5])
return {id, redis.call('ZRANGEBYSCORE', KEYS[3], string.format('%.0f', ms - ARGV[6]), '+inf'), count}
`;

export const PUBLISH = publish('');
export const PUBLISH_ONE = publish(REMEMBER_ONE);
export const PUBLISH_ALL = publish(REMEMBER_ALL);
export const PUBLISH_ROLES = publish(REMEMBER_ROLES);

/** KEYS: the account, the publication. ARGV: for how many ms the publication is known. */
export const UNBAN = `
if redis.call('EXISTS', KEYS[2]) == 1 then return end
redis.call('HDEL', KEYS[1], 'bannedUntil')
redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
`;

/** Tells that a node is there. KEYS: the nodes. ARGV: the node, after how many ms of silence one is forgotten. */
export const HEARTBEAT = `
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', ms - ARGV[2]))
redis.call('ZADD', KEYS[1], string.format('%.0f', ms), ARGV[1])
return string.format('%.0f', ms)
`;

/** A newer node may have codes that this one does not know, and means an end by each. */
const codeOf = (code: string): RefusalCode => (Object.hasOwn(refusals, code) ? code : 'revoked') as RefusalCode;

const roles = listOf(text());
const stored = shapeOf<Omit<Revocation, 'code'> & { readonly code: string }>({
  code: text(),
  subject: text(),
  sessionId: optional(text()),
  tokenId: optional(text()),
  epoch: optional(number()),
  roles: optional(roles),
});

/** An entry of the log. */
export interface LogEntry {
  readonly node: string;
  readonly name?: string | undefined;
  readonly revocation: Revocation;
}

function revocationOf(value: unknown): Revocation {
  const read = stored(value);
  if (read === undefined) throw new TypeError('Not a revocation');
  return { ...read, code: codeOf(read.code) };
}

/** @throws where nothing of ours wrote it */
export const readRevocation = (json: string): Revocation => revocationOf(JSON.parse(json));

/** The fields of an account's hash that tell what it revokes, as `HMGET` takes and answers them. */
export const accountFields = ['epoch', 'code', 'until', 'bannedUntil', 'roles', 'rolesUntil'] as const;

const readers: { readonly [Field in (typeof accountFields)[number]]: (value: string) => unknown } = {
  epoch: Number,
  code: codeOf,
  until: Number,
  bannedUntil: Number,
  roles: JSON.parse,
  rolesUntil: Number,
};

const account = shapeOf<AccountRecord>({
  epoch: optional(number()),
  code: optional(text() as Check<RefusalCode>),
  until: optional(number()),
  bannedUntil: optional(number()),
  roles: optional(roles),
  rolesUntil: optional(number()),
});

/** @throws where nothing of ours wrote them */
export function readAccount(values: readonly (string | null)[]): AccountRecord {
  const given = accountFields.flatMap((field, index) => {
    const value = values[index];
    return value == null ? [] : [[field, readers[field](value)] as const];
  });
  const read = account(Object.fromEntries(given));
  if (read === undefined) throw new TypeError('Not the record of an account');
  return read;
}

const entry = shapeOf<{ node: string; name: string | undefined; revocation: unknown }>({
  node: text(),
  name: optional(text()),
  revocation: (value): value is unknown => value !== undefined,
});

/** Undefined where nothing of ours wrote it. */
export function readEntry(json: string): LogEntry | undefined {
  try {
    const read = entry(JSON.parse(json));
    return read && { ...read, revocation: revocationOf(read.revocation) };
  } catch {
    return undefined;
  }
}

/** Ids of a stream: a time in ms and a number within it. */
export function compareIds(a: string, b: string): number {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs - bMs || aNumber - bNumber;
}
