import type { Cell, Ratio } from '../model/run-file.ts';
import { amount, figure } from './format.ts';
import { TOLERATED } from './leaks.ts';

/** The same measure, twice. */
export interface Pair {
  readonly a: Cell;
  readonly b: Cell;
  /** B against A. */
  readonly ratio: Ratio | null;
  /** Corrected for the other pairs of the measure; undefined where nothing was tested. */
  readonly p: number | undefined;
  /** The ratio differs from 1, beyond the noise. */
  readonly isSignificant: boolean;
}

/** The outcomes for B, compared with A: leaks first, then losses of honest clients, then costs. */
export const outcomes = ['less safe', 'safer', 'loses more', 'loses less', 'void', 'worse', 'better', 'same', 'untested'] as const; // prettier-ignore
export type Outcome = (typeof outcomes)[number];

/** Metrics in milliseconds for which a credential stays usable. A difference above TOLERATED is no noise. */
const STALENESS = /^(accepted|delivered)-after-/;
/** The losses of honest clients. These are counts, and often 0, so there is no ratio. */
const LOSSES = /^(lost-messages|failed-messages|ended-connections|false-logouts)$/;

export function outcomeOf(pair: Pair): Outcome {
  const { a, b } = pair;
  if (a.void !== undefined) return 'untested';
  if (b.void !== undefined) return 'void';
  if (STALENESS.test(a.metric)) return lasts(b, a) ? 'less safe' : lasts(a, b) ? 'safer' : 'same';
  if (LOSSES.test(a.metric)) return exceeds(b, a) ? 'loses more' : exceeds(a, b) ? 'loses less' : 'same';
  if (a.censored && b.censored) return 'same';
  if (pair.isSignificant) return worse(pair) > 1 ? 'worse' : 'better';
  if (pair.ratio === null) return a.median === b.median ? 'same' : 'untested';
  return pair.ratio.ciLow === null ? 'untested' : 'same';
}

/** Whether a credential stays usable for longer. */
const lasts = (one: Cell, other: Cell): boolean =>
  !other.censored && (one.censored === true || one.median > other.median + TOLERATED);

/** Losses differ where one has none, or twice as many; less is chance. */
const exceeds = (one: Cell, other: Cell): boolean => one.median > 2 * other.median && one.median >= 1;

/** How many times as bad B is as A; 1 where there is no ratio. */
export function worse({ a, ratio }: Pair): number {
  if (ratio === null) return 1;
  return a.better === 'lower' ? ratio.estimate : 1 / ratio.estimate;
}

/** For sorting: the gravest outcome first, then the largest difference. */
export function byConsequence(one: Pair, other: Pair): number {
  const rank = (pair: Pair): number => outcomes.indexOf(outcomeOf(pair));
  const size = (pair: Pair): number => Math.abs(Math.log(worse(pair)));
  return rank(one) - rank(other) || size(other) - size(one);
}

/** In what B is worse, after the name of the measure. */
export function worseText(pair: Pair): string {
  const { a, b } = pair;
  if (b.void !== undefined) return `is void: ${b.void}`;
  if (STALENESS.test(a.metric))
    return `goes on ${b.censored ? 'without an end' : 'longer'}: ${amount(a)} before, ${amount(b)} now`;
  return `is worse by ${figure(100 * (worse(pair) - 1))}%`;
}
