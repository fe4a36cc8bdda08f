import { tells, type Timings } from '../../harness/load/timings.ts';
import type { Paired, Sample } from '../model/sample.ts';
import { median } from '../stats/statistics.ts';
import type { RunningEntry } from './group.ts';
import type { CountedSlice, Taken } from './time-slices.ts';

/** Computes one figure of a slice. */
export type Figure = (slice: CountedSlice) => number;

/** The taken slices of a group's baseline. */
export const baselineOf = (taken: ReadonlyMap<RunningEntry, Taken>): Taken | undefined =>
  [...taken].find(([{ entry }]) => entry.role === 'baseline')?.[1];

/** The median over the slices. */
export const medianOf = ({ slices }: Taken, figure: Figure): number => median(counted(slices).map(figure));

/** A figure of a block, and the same figure compared with the baseline, slice by slice. */
export function bySlice(taken: Taken, baseline: Taken | undefined, figure: Figure): Pick<Sample, 'value' | 'paired'> {
  const paired = pairedWith(taken, baseline, figure);
  return { value: medianOf(taken, figure), ...(paired && { paired }) };
}

/**
 * Compares each slice with the baseline slice before it, and with the one after it. If the machine is slow for longer than a round,
 * both slices of most pairs are slow, and the effect cancels out. The mean of the two baseline slices is not used: one
 * disturbed slice is expensive and would raise it. Undefined if the baseline has no slices.
 */
function pairedWith(taken: Taken, baseline: Taken | undefined, figure: Figure): Paired | undefined {
  const base = taken === baseline ? [] : counted(baseline?.slices ?? []);
  const pairs = counted(taken.slices).flatMap((slice) => {
    const beside = [base.findLast(({ turn }) => turn < slice.turn), base.find(({ turn }) => turn > slice.turn)];
    return beside.flatMap((one) => (one === undefined ? [] : [[figure(slice), figure(one)] as const]));
  });
  if (pairs.length === 0) return undefined;
  return {
    ratio: median(pairs.map(([own, beside]) => own / beside)),
    added: median(pairs.map(([own, beside]) => own - beside)),
  };
}

const counted = (slices: readonly CountedSlice[]): CountedSlice[] => slices.filter(({ count }) => count > 0);

/**
 * Returns why figures must not be used: wrong answers, or wrongly answered probes. Otherwise they are void if nothing was done,
 * or for the given `reason`.
 */
export function against(
  { wrong, served, slices, idle }: Pick<Taken, 'wrong' | 'served' | 'slices' | 'idle'>,
  reason?: string,
): Pick<Sample, 'wrong' | 'void'> {
  if (wrong > 0) return { wrong: `${wrong} wrong or failed answers` };
  if (served > 0) return { wrong: `${served} probes were answered otherwise than they should be` };
  const voided = counted(slices).length === 0 && idle === 0 ? 'nothing was done' : reason;
  return voided === undefined ? {} : { void: voided };
}

/** A 99th percentile as a figure, void where the times do not tell it. */
export function p99Of(metric: Sample['metric'], timings: Timings, rest: Omit<Sample, 'metric' | 'value'>): Sample {
  const untold = tells(timings.count, 99) ? {} : { void: 'too few samples for a 99th percentile' };
  return { metric, value: timings.p99, ...untold, ...rest };
}
