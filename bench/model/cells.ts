import type { Metric, MetricName } from './metrics.ts';
import type { Cell, Interval, Ratio } from './run-file.ts';
import { mean, median, middleOf, middleRatio, type Tested } from '../stats/statistics.ts';
import type { EntryKey } from './entry.ts';
import type { Paired, Recorded } from './sample.ts';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const textOfKey = ({ role, strategy, variant }: EntryKey): string => `${role} ${strategy} ${variant}`;
const paramsKey = ({ metric, params }: Pick<Cell, 'metric' | 'params'>): string =>
  JSON.stringify([metric, sortedParams(params)]);

/**
 * Gathers samples into cells, and sets each beside what the baseline gave in the same blocks.
 * @throws TypeError where no suite declares a sample's metric
 */
export function toCells(samples: readonly Recorded[], metrics: ReadonlyMap<MetricName, Metric>): Cell[] {
  const beside = besideOf(samples);
  const groups = groupBy(samples, (sample) => `${textOfKey(sample.entry)} ${sample.suite} ${paramsKey(sample)}`);
  return [...groups.values()].map((group) => toCell(group, beside, metrics));
}

type Beside = (sample: Recorded) => number | undefined;

/** The baseline's figure in the block of a sample; where it has none there, that of its own blocks of the repetition. */
function besideOf(samples: readonly Recorded[]): Beside {
  const counted = samples.filter(
    (sample) => sample.entry.role === 'baseline' && (sample.void ?? sample.wrong) === undefined,
  );
  const byBlock = groupBy(counted, (sample) => `${sample.block} ${sample.suite} ${paramsKey(sample)}`);
  const blocks = new Set(samples.filter(({ entry }) => entry.role === 'baseline').map(({ block }) => block));
  const ofRepetition = groupBy(counted, (sample) => `${sample.repetition} ${sample.suite} ${paramsKey(sample)}`);
  return (sample) => {
    const key = `${sample.suite} ${paramsKey(sample)}`;
    const own = blocks.has(sample.block);
    const found = own ? byBlock.get(`${sample.block} ${key}`) : ofRepetition.get(`${sample.repetition} ${key}`);
    return found && mean(found.map(({ value }) => value));
  };
}

function toCell(group: readonly Recorded[], beside: Beside, metrics: ReadonlyMap<MetricName, Metric>): Cell {
  const [first] = group as [Recorded];
  const { suite, entry, metric, params } = first;
  const known = metrics.get(metric);
  if (known === undefined) throw new TypeError(`The suite ${suite} declares no metric '${metric}'`);
  const wrong = group.find((sample) => sample.wrong !== undefined)?.wrong;
  const counted = group.filter((sample) => sample.void === undefined && wrong === undefined);
  const blocks = byRepetition(group, (sample) => (counted.includes(sample) ? sample.value : undefined));
  const compared = entry.role !== 'baseline' && group.some((sample) => beside(sample) !== undefined);
  const against = (of: keyof Paired) =>
    compared
      ? byRepetition(group, (sample) =>
          counted.includes(sample) ? pairedWith(sample, beside(sample))?.[of] : undefined,
        )
      : null;
  const [ratios, addeds] = [against('ratio'), against('added')];
  const values = blocks.filter((value) => value !== null);
  const censored = counted.some((sample) => sample.censored);
  const voided = [...new Set(group.flatMap((sample) => wrong ?? sample.void ?? []))];
  const { low, high } = middleOf(values);
  return {
    suite,
    ...entry,
    metric,
    ...known,
    // The middle of figures of which some are bounds is neither: the worst of them is a bound.
    median: values.length === 0 ? 0 : censored ? Math.max(...values) : median(values),
    ciLow: finite(low),
    ciHigh: finite(high),
    ratio: ratios && toRatio(middleRatio(withoutHoles(ratios))),
    added: addeds && toInterval(withoutHoles(addeds)),
    blocks,
    ratios,
    addeds,
    params,
    ...(voided.length > 0 && { voided }),
    ...distributionOf(counted),
    ...(censored && { censored: true as const }),
    ...(values.length === 0 && { void: voided[0] ?? 'no block counted' }),
  };
}

/** The mean of a repetition's figures; null where there is none. */
function byRepetition(group: readonly Recorded[], of: (sample: Recorded) => number | undefined): (number | null)[] {
  const repetitions = Math.max(...group.map(({ repetition }) => repetition + 1));
  return Array.from({ length: repetitions }, (_, repetition) => {
    const own = group.filter((sample) => sample.repetition === repetition).map(of);
    const values = own.filter((value) => value !== undefined);
    return values.length === 0 ? null : finite(mean(values));
  });
}

/** Slice by slice where it was measured so, and otherwise block by block; undefined where the baseline has no figure. */
function pairedWith({ value, paired }: Recorded, baseline: number | undefined): Paired | undefined {
  return baseline === undefined ? undefined : (paired ?? { ratio: value / baseline, added: value - baseline });
}

const withoutHoles = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

const bounds = ({ estimate, low, high }: Tested): Interval => ({ estimate, ciLow: finite(low), ciHigh: finite(high) });

const toInterval = (values: readonly number[]): Interval | null =>
  values.length === 0 ? null : bounds(middleOf(values));

export const toRatio = (tested: Tested | undefined): Ratio | null =>
  tested === undefined ? null : { ...bounds(tested), p: finite(tested.p), n: tested.n };

/** The median of the blocks' percentiles, for those that every block has. */
function distributionOf(group: readonly Recorded[]): Pick<Cell, 'distribution'> {
  const told = group.flatMap(({ distribution }) => (distribution === undefined ? [] : [new Map(distribution)]));
  const [first] = told;
  if (first === undefined) return {};
  const percentiles = [...first.keys()].filter((percentile) => told.every((one) => one.has(percentile)));
  return {
    distribution: percentiles.map((percentile) => [percentile, median(told.map((one) => one.get(percentile)!))]),
  };
}

/** Whether a cell was measured with these parameters, whatever others it has. */
export const hasParams = ({ params }: Pick<Cell, 'params'>, wanted: Cell['params']): boolean =>
  Object.entries(wanted).every(([name, value]) => params[name] === value);

/** Parameters in an order that does not depend on who wrote them. */
export const sortedParams = (params: Cell['params']): [string, unknown][] =>
  Object.entries(params).toSorted(([a], [b]) => a.localeCompare(b));

/** Map.groupBy, which Node has from 21 on. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
