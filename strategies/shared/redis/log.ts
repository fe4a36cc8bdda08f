import { z } from 'zod';
import { refusals } from '../refusals.ts';
import type { SubjectRevocation } from '../revocations.ts';

/**
 * Remembers a revocation, writes it into the log and tells every node, all in one.
 * KEYS: the subject's deny-list, the log, the nodes. ARGV: the entry, the revocation, now, until when it is remembered
 * (or ''), for how many ms the log keeps an entry, within how many ms a node was heard of, the channel.
 * Answers the entry's id and the nodes.
 */
export const PUBLISH = `
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[4] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
  if redis.call('PTTL', KEYS[1]) < ARGV[4] - ARGV[3] then redis.call('PEXPIRE', KEYS[1], ARGV[4] - ARGV[3]) end
end
local id = redis.call('XADD', KEYS[2], 'MINID', '~', string.format('%.0f', ms - ARGV[5]), '*', 'entry', ARGV[1])
redis.call('PUBLISH', ARGV[7], id .. ' ' .. ARGV[1])
return {id, redis.call('ZRANGEBYSCORE', KEYS[3], string.format('%.0f', ms - ARGV[6]), '+inf')}
`;

/** Tells that a node is there. KEYS: the nodes. ARGV: the node, after how many ms of silence one is forgotten. */
export const HEARTBEAT = `
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', ms - ARGV[2]))
redis.call('ZADD', KEYS[1], string.format('%.0f', ms), ARGV[1])
return string.format('%.0f', ms)
`;

const entrySchema = z.object({
  node: z.string(),
  revocation: z.object({
    code: z.string().refine((code) => Object.hasOwn(refusals, code)),
    subject: z.string(),
    sessionId: z.string().optional(),
    tokenId: z.string().optional(),
    issuedUntil: z.number().optional(),
  }),
});

/** Undefined where nothing of ours wrote it. */
export function readEntry(text: string): { node: string; revocation: SubjectRevocation } | undefined {
  try {
    return entrySchema.parse(JSON.parse(text)) as { node: string; revocation: SubjectRevocation };
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
