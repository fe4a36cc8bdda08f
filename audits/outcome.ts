import { z } from 'zod';
import { variantNames } from '../strategies/strategy.ts';

/** What came of an audit. A deviation is a failure that the strategy declares. */
export const outcomes = ['pass', 'fail', 'deviation', 'not applicable', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

const finding = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  /** Why it fails, deviates, does not apply or is not known. */
  reason: z.string().optional(),
  /** What went over the wire, the last frames of it, where a promise was not kept. */
  evidence: z.array(z.string()).optional(),
});

const column = z.object({
  strategy: z.string(),
  variant: z.enum(variantNames),
  title: z.string(),
  findings: z.array(finding),
});

const report = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  commit: z.string().nullable(),
  /** What was asked, in the order of the matrix. */
  audits: z.array(
    z.object({
      id: z.string(),
      topic: z.string(),
      level: z.enum(['MUST', 'SHOULD', 'MAY']),
      promise: z.string(),
      source: z.string().optional(),
    }),
  ),
  columns: z.array(column),
});

export type Finding = z.infer<typeof finding>;
export type Column = z.infer<typeof column>;
export type AuditReport = z.infer<typeof report>;

export const parseReport = (json: unknown): AuditReport => report.parse(json);

/** Promises kept, over those that apply. */
export function score({ findings }: Column): { readonly kept: number; readonly applicable: number } {
  const applicable = findings.filter(({ outcome }) => outcome !== 'not applicable');
  return { kept: applicable.filter(({ outcome }) => outcome === 'pass').length, applicable: applicable.length };
}
