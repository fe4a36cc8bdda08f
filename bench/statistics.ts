import { seeded } from '../harness/random.ts';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** 95%; the bounds are NaN where fewer than two values leave nothing to tell them from. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate with the evidence that it is not nothing. */
export interface Tested extends Interval {
  /** Of no difference, two-sided; NaN where the bounds are. */
  readonly p: number;
  /** Values, or pairs of them, that it rests on. */
  readonly n: number;
  readonly method: 't' | 'bootstrap';
}

/** From this many values on the bootstrap is used: with fewer it rejects too often. */
const BOOTSTRAP_FROM = 20;
const RESAMPLES = 4000;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The nearest rank of values in order, so that with few of them a p99 is the worst; undefined where there are none. */
export const rankOf = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

/** The mean, tested against 0: Student's t for few values, the percentile bootstrap from 20 on. */
export function meanOf(values: readonly number[]): Tested {
  return values.length < BOOTSTRAP_FROM ? tTest(values) : bootstrap(values);
}

function tTest(values: readonly number[]): Tested {
  const [estimate, n] = [mean(values), values.length];
  return { ...tested(estimate, standardError(values), n - 1), n };
}

const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};
const standardError = (values: readonly number[]): number => Math.sqrt(variance(values) / values.length);

function tested(estimate: number, error: number, freedom: number): Omit<Tested, 'n'> {
  if (!(freedom > 0)) return { estimate, low: NaN, high: NaN, p: NaN, method: 't' };
  const half = tQuantile(0.975, freedom) * error;
  const p = error === 0 ? Number(estimate === 0) : 2 * tCdf(-Math.abs(estimate / error), freedom);
  return { estimate, low: estimate - half, high: estimate + half, p, method: 't' };
}

/** Percentile bootstrap of the mean; always the same resamples, so that a report can be rendered again. */
function bootstrap(values: readonly number[]): Tested {
  const random = seeded(1);
  const n = values.length;
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[Math.floor(random() * n)]!;
    return sum / n;
  }).toSorted((a, b) => a - b);
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))]!;
  const below = means.filter((value) => value <= 0).length;
  const above = means.filter((value) => value >= 0).length;
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (RESAMPLES + 1));
  return { estimate: mean(values), low: at(0.025), high: at(0.975), p, n, method: 'bootstrap' };
}

/** The ratio of two arms from pairs of their blocks: their log ratios' mean, back in ratios. */
export function pairedRatio(values: readonly number[], baseline: readonly number[]): Tested | undefined {
  const logs = values
    .map((value, index) => Math.log(value / (baseline[index] ?? NaN)))
    .filter((log) => Number.isFinite(log));
  return logs.length === 0 ? undefined : exponentiated(meanOf(logs));
}

/** The difference of two arms from pairs of their blocks. */
export function pairedDifference(values: readonly number[], baseline: readonly number[]): Tested | undefined {
  const differences = values
    .map((value, index) => value - (baseline[index] ?? NaN))
    .filter((difference) => Number.isFinite(difference));
  return differences.length === 0 ? undefined : meanOf(differences);
}

/** The ratio b/a of blocks that are no pairs: Welch's t on their logarithms. */
export function unpairedRatio(a: readonly number[], b: readonly number[]): Tested | undefined {
  const [logsA, logsB] = [a, b].map((values) => values.filter((value) => value > 0).map(Math.log)) as [
    number[],
    number[],
  ];
  if (logsA.length === 0 || logsB.length === 0) return undefined;
  const [ofA, ofB] = [variance(logsA) / logsA.length, variance(logsB) / logsB.length];
  const spread = ofA + ofB;
  // Welch and Satterthwaite; where nothing varies, the smaller count bounds it.
  const freedom =
    spread > 0
      ? spread ** 2 / (ofA ** 2 / (logsA.length - 1) + ofB ** 2 / (logsB.length - 1))
      : Math.min(logsA.length, logsB.length) - 1;
  const n = Math.min(logsA.length, logsB.length);
  return exponentiated({ ...tested(mean(logsB) - mean(logsA), Math.sqrt(spread), freedom), n });
}

const exponentiated = (log: Tested): Tested => ({
  ...log,
  estimate: Math.exp(log.estimate),
  low: Math.exp(log.low),
  high: Math.exp(log.high),
});

/** Holm's correction: each p as it counts among all of them, in the order given. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).toSorted((a, b) => ps[a]! - ps[b]!);
  const corrected = ps.map(() => 1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, ps[index]! * (ps.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}

/** By how much an interval of `n` pairs widens where it must survive the first, strictest step of Holm's correction. */
export const holmWidening = (comparisons: number, n: number): number =>
  n < 2 ? NaN : tQuantile(1 - 0.025 / comparisons, n - 1) / tQuantile(0.975, n - 1);

/** Pairs that it takes before even a perfect order of signs could survive Holm over `comparisons`: 2^(1-n) <= 0.05/m. */
export const fewestPairs = (comparisons: number): number => 1 + Math.ceil(Math.log2(comparisons / 0.05));

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** The least-squares line. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return { slope, intercept: meanY - slope * meanX };
}
