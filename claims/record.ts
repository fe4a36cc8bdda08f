import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { verdictShape } from './claim.ts';

const seen = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

/** `claims.json`: what the experiments of claims saw, and what all that was recorded makes of each claim. */
const record = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  startedAt: z.iso.datetime(),
  commit: z.string().nullable(),
  /** Where the run and the audit are that the verdicts rest on; null where there was none. */
  run: z.string().nullable(),
  audit: z.string().nullable(),
  platforms: z.array(z.object({ nest: z.string(), seen: z.record(z.string(), seen) })),
  observations: z.record(z.string(), seen),
  verdicts: z.record(z.string(), verdictShape),
});
export type ClaimsRecord = z.infer<typeof record>;

/** @throws SyntaxError or ZodError */
export const readClaims = (path: string): ClaimsRecord => record.parse(JSON.parse(readFileSync(path, 'utf8')));
