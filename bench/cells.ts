import { type MetricName, metrics } from './metrics.ts';
import type { Cell } from './run-file.ts';
import { median, pairedRatio, tInterval } from './statistics.ts';
import type { Owner, Sample } from './suite.ts';

/** A sample with what it belongs to. */
export interface Recorded extends Sample {
  readonly suite: string;
  readonly owner: Owner;
  readonly repetition: number;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const present = (blocks: readonly (number | null)[]): number[] => blocks.filter((value) => value !== null);
const keyOf = ({ suite, metric, params }: Pick<Recorded, 'suite' | 'metric' | 'params'>): string =>
  JSON.stringify([suite, metric, sortedParams(params)]);
const ownerKey = ({ role, strategy, variant }: Owner): string => `${role} ${strategy} ${variant}`;

/** Gathers samples into cells, and sets each beside the baseline's of the same metric and parameters. */
export function toCells(samples: readonly Recorded[]): Cell[] {
  const groups = groupBy(samples, (sample) => ownerKey(sample.owner) + keyOf(sample));
  const cells = [...groups.values()].map(toCell);
  const baselines = new Map(cells.filter(({ role }) => role === 'baseline').map((cell) => [keyOf(cell), cell]));
  return cells.map((cell) => against(cell, baselines.get(keyOf(cell))));
}

function toCell(group: readonly Recorded[]): Cell {
  const [{ suite, owner, metric, params }] = group as [Recorded];
  const blocks: (number | null)[] = [];
  for (const { repetition, value, void: reason } of group) blocks[repetition] = reason === undefined ? value : null;
  const values = present(blocks);
  const censored = group.some((sample) => sample.censored);
  const { low, high } = values.length > 1 ? tInterval(values) : { low: NaN, high: NaN };
  const reason = group.find((sample) => sample.void !== undefined)?.void;
  return {
    suite,
    ...owner,
    metric,
    ...unitOf(metric),
    // The middle of figures of which some are bounds is neither: the worst of them is a bound.
    median: values.length === 0 ? 0 : censored ? Math.max(...values) : median(values),
    ciLow: finite(low),
    ciHigh: finite(high),
    ratio: null,
    added: null,
    blocks: Array.from(blocks, (value) => value ?? null),
    params,
    ...(censored && { censored: true as const }),
    ...(values.length === 0 && { void: reason ?? 'no block counted' }),
  };
}

const unitOf = (metric: MetricName): Pick<Cell, 'unit' | 'better'> => metrics[metric];

function against(cell: Cell, baseline: Cell | undefined): Cell {
  if (baseline === undefined || baseline === cell || cell.void !== undefined || baseline.void !== undefined)
    return cell;
  const ratio = ratioOf(cell, baseline);
  return { ...cell, ratio, added: cell.median - baseline.median };
}

/** The paired ratio of two cells of one run; null where no pair of blocks gives one. */
export function ratioOf(cell: Cell, baseline: Cell): Cell['ratio'] {
  const [values, others] = [cell.blocks, baseline.blocks].map((blocks) => blocks.map((value) => value ?? NaN));
  const ratio = pairedRatio(values!, others!);
  return ratio ? { estimate: ratio.estimate, ciLow: finite(ratio.low), ciHigh: finite(ratio.high) } : null;
}

/** Parameters in an order that does not depend on who wrote them. */
export const sortedParams = (params: Cell['params']): [string, unknown][] =>
  Object.entries(params).toSorted(([a], [b]) => a.localeCompare(b));

/** Map.groupBy, which Node has from 21 on. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
