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
  /** A strategy's id, or a peer's. */
  strategy: z.string(),
  /** Null for a peer, which has none. */
  variant: z.enum(variantNames).nullable(),
  title: z.string(),
  findings: z.array(finding),
});

const matrix = z.object({
  /** What was asked, in the order of its rows. */
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

const report = z.object({
  schemaVersion: z.literal(1),
  command: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  commit: z.string().nullable(),
  /** By what an app in this process shows. */
  inside: matrix,
  /** By what comes over the network alone, peers included. */
  outside: matrix,
});

export type Finding = z.infer<typeof finding>;
export type Column = z.infer<typeof column>;
export type Matrix = z.infer<typeof matrix>;
export type AuditReport = z.infer<typeof report>;

export const parseReport = (json: unknown): AuditReport => report.parse(json);

/** Promises kept, over those that apply. */
export function score({ findings }: Column): { readonly kept: number; readonly applicable: number } {
  const applicable = findings.filter(({ outcome }) => outcome !== 'not applicable');
  return { kept: applicable.filter(({ outcome }) => outcome === 'pass').length, applicable: applicable.length };
}
