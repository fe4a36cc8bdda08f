import { z } from 'zod';
import type { Evidence } from './evidence.ts';

/** What the recorded results make of a claim. Nobody types one: each is computed. */
export const outcomes = [
  'supported',
  'refuted',
  'qualified',
  'inconclusive',
  'not testable here',
  'awaiting: scale',
] as const;
export type Outcome = (typeof outcomes)[number];

export const verdictShape = z.object({
  outcome: z.enum(outcomes),
  /** What was seen, in figures, with intervals where they have them. */
  figure: z.string(),
  /** Under which condition it holds, where it is qualified. */
  condition: z.string().optional(),
  /** The cells, findings and observations that it rests on. */
  cites: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdictShape>;

/** What an experiment needs, so that a reader can run it alone. */
export interface Needs {
  /** Of `claims/demonstrations`, on every line of Nest. */
  readonly demonstrations?: readonly string[];
  /** Promises of `audits/`, by strategy. */
  readonly audits?: Readonly<Record<string, readonly string[]>>;
  /** Suites of `bench/`, on a strategy or some. */
  readonly bench?: {
    readonly suites: readonly string[];
    readonly strategy: string | readonly string[];
    readonly nodes?: true;
  };
  /** Of `claims/observations.ts`. */
  readonly observations?: readonly string[];
}

/** One claim of the article, as a hypothesis; all of it stands before its experiment runs. */
export interface Claim {
  /** Never changes. */
  readonly id: string;
  /** What the article says, in other words. */
  readonly says: string;
  /** Under which of its headings. */
  readonly where: string;
  readonly hypothesis: string;
  readonly metric: string;
  readonly contrast: string;
  readonly threshold: string;
  readonly falsifiedBy: string;
  readonly needs: Needs;
  /** A pure function of what was recorded. */
  judge(evidence: Evidence): Verdict;
}
