import { z } from 'zod';
import { type RefusalCode, refusals } from '../refusals.ts';
import type { SubjectRevocation } from '../revocations.ts';

/** Of one sign-in or token: remembered by its name. What is remembered already was told, too. */
const REMEMBER_ONE = `
local known = redis.call('SET', KEYS[1], ARGV[4] .. ' ' .. ARGV[2], 'PX', ARGV[4] - ARGV[3], 'GET')
if known and string.sub(known, -#ARGV[2]) == ARGV[2] then return {'', {}} end
`;

/** Of all that a subject has: remembered in one list, where a later one takes the place of those that it includes. */
const REMEMBER_ALL = `
local revocation = cjson.decode(ARGV[2])
for _, text in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', ARGV[4], 'BYSCORE')) do
  local known = cjson.decode(text)
  local included = revocation.issuedUntil == nil or (known.issuedUntil ~= nil and known.issuedUntil <= revocation.issuedUntil)
  if known.code == revocation.code and included then redis.call('ZREM', KEYS[1], text) end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
if redis.call('PTTL', KEYS[1]) < ARGV[4] - ARGV[3] then redis.call('PEXPIRE', KEYS[1], ARGV[4] - ARGV[3]) end
`;

/**
 * Remembers a revocation, writes it into the log and tells every node, all in one.
 * KEYS: where it is remembered, the log, the nodes. ARGV: the entry, the revocation, now, until when it is remembered,
 * for how many ms the log keeps an entry, within how many ms a node was heard of, the channel.
 * Answers the entry's id and the nodes; no id where all of them were told before.
 */
const publish = (remember: string): string => `
${remember}
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local id = redis.call('XADD', KEYS[2], 'MINID', '~', string.format('%.0f', ms - ARGV[5]), '*', 'entry', ARGV[1])
redis.call('PUBLISH', ARGV[7], id .. ' ' .. ARGV[1])
return {id, redis.call('ZRANGEBYSCORE', KEYS[3], string.format('%.0f', ms - ARGV[6]), '+inf')}
`;

export const PUBLISH = publish('');
export const PUBLISH_ONE = publish(REMEMBER_ONE);
export const PUBLISH_ALL = publish(REMEMBER_ALL);

/** Tells that a node is there. KEYS: the nodes. ARGV: the node, after how many ms of silence one is forgotten. */
export const HEARTBEAT = `
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', ms - ARGV[2]))
redis.call('ZADD', KEYS[1], string.format('%.0f', ms), ARGV[1])
return string.format('%.0f', ms)
`;

const revocationSchema = z
  .object({
    // A newer node may have codes that this one does not know, and means an end by each.
    code: z.string().transform((code) => (Object.hasOwn(refusals, code) ? code : 'revoked') as RefusalCode),
    subject: z.string(),
    sessionId: z.string().optional(),
    tokenId: z.string().optional(),
    issuedUntil: z.number().optional(),
  })
  .transform((revocation) => revocation as SubjectRevocation);

const entrySchema = z.object({ node: z.string(), revocation: revocationSchema });

/** @throws where nothing of ours wrote it */
export const readRevocation = (text: string): SubjectRevocation => revocationSchema.parse(JSON.parse(text));

/** Undefined where nothing of ours wrote it. */
export function readEntry(text: string): { node: string; revocation: SubjectRevocation } | undefined {
  try {
    return entrySchema.parse(JSON.parse(text));
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
