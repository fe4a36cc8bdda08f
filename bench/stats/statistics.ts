/** Bounds at the level asked for, 95% unless told otherwise; NaN where there are too few values for any. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** An estimate with the evidence that it is not nothing. */
export interface Tested extends Interval {
  /** Of no difference, two-sided. */
  readonly p: number;
  /** Values, or pairs of them, that it rests on. */
  readonly n: number;
}

/** The share of intervals that miss what they are to hold. */
const ALPHA = 0.05;

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

/**
 * The middle of values, tested against 0, with an exact interval and p: by signed ranks, but by signs alone for nine to
 * eleven values, of which one that is off could move a bound of the ranks as far as it likes. Below nine values it can by
 * either, and below six there are no bounds at 95%.
 */
export const middleOf = (values: readonly number[], alpha = ALPHA): Tested =>
  values.length >= 9 && values.length < 12 ? bySigns(values, alpha) : bySignedRanks(values, alpha);

/**
 * The middle of values that spread alike to both sides: the estimate of Hodges and Lehmann, with Wilcoxon's signed ranks.
 * From 12 values on one that is off, however far, moves a bound at most to the mean of the two others that are outermost on
 * its side.
 */
export function bySignedRanks(values: readonly number[], alpha = ALPHA): Tested {
  const averages = values.flatMap((a, i) => values.slice(i).map((b) => (a + b) / 2));
  const told = values.filter((value) => value !== 0);
  const ranks = values.map((_, index) => index + 1);
  return {
    ...within(averages, sumsOfRanks(ranks), alpha),
    ...testOf(told, midranks(told.map(Math.abs)), values.length),
  };
}

/** The median, with the test of signs: the bounds of nine values are the second and the eighth of them in order. */
function bySigns(values: readonly number[], alpha: number): Tested {
  const told = values.filter((value) => value !== 0);
  const ones = (of: readonly number[]) => of.map(() => 1);
  return { ...within(values, sumsOfRanks(ones(values)), alpha), ...testOf(told, ones(told), values.length) };
}

function testOf(told: readonly number[], ranks: readonly number[], n: number): Pick<Tested, 'p' | 'n'> {
  const positive = ranks.reduce((sum, rank, index) => sum + (told[index]! > 0 ? rank : 0), 0);
  return { p: twoSided(sumsOfRanks(ranks.map(doubled)), doubled(positive)), n };
}

/** The difference b - a of values that are no pairs: Hodges and Lehmann, Mann and Whitney, exact. */
function shiftOf(a: readonly number[], b: readonly number[], alpha = ALPHA): Tested {
  const differences = b.flatMap((y) => a.map((x) => y - x));
  const all = Array.from({ length: a.length + b.length }, (_, index) => index + 1);
  const least = (b.length * (b.length + 1)) / 2;
  const counts = sumsOfRanks(all, b.length).slice(least, least + differences.length + 1);
  const ranks = midranks([...a, ...b]);
  const rankSum = ranks.slice(a.length).reduce((sum, rank) => sum + rank, 0);
  const p = twoSided(sumsOfRanks(ranks.map(doubled), b.length), doubled(rankSum));
  return { ...within(differences, counts, alpha), p, n: Math.min(a.length, b.length) };
}

/** The median of candidates, and those between which the middle lies, by how often each rank comes up by chance. */
function within(candidates: readonly number[], counts: readonly number[], alpha: number): Interval {
  const sorted = candidates.toSorted((a, b) => a - b);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [outside, below] = [0, 0];
  while (outside < counts.length && below + counts[outside]! <= (alpha / 2) * total) below += counts[outside++]!;
  const [low, high] = outside === 0 ? [NaN, NaN] : [sorted[outside - 1]!, sorted[sorted.length - outside]!];
  return { estimate: median(sorted), low, high };
}

/** Midranks are halves; what is counted by has to be whole. */
const doubled = (rank: number): number => Math.round(2 * rank);

function twoSided(counts: readonly number[], seen: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const upTo = counts.slice(0, seen + 1).reduce((sum, count) => sum + count, 0);
  const from = counts.slice(seen).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * Math.min(upTo, from)) / total);
}

/** The rank of each, from 1; those that are equal share the mean of theirs. */
function midranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const [below, equal] = [values.filter((one) => one < value).length, values.filter((one) => one === value).length];
    return below + (equal + 1) / 2;
  });
}

/** How many choices of ranks give each sum, from 0 on: of all choices, or of those of `size` of them. */
function sumsOfRanks(ranks: readonly number[], size?: number): number[] {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  // Indexed by how many were chosen, or by 0 throughout where any number may be.
  const counts = Array.from({ length: (size ?? 0) + 1 }, () => Array.from({ length: most + 1 }, () => 0));
  counts[0]![0] = 1;
  for (const rank of ranks) {
    for (let chosen = counts.length - 1; chosen >= (size === undefined ? 0 : 1); chosen--) {
      const from = counts[size === undefined ? chosen : chosen - 1]!;
      for (let sum = most; sum >= rank; sum--) counts[chosen]![sum]! += from[sum - rank]!;
    }
  }
  return counts.at(-1)!;
}

/** The middle of ratios: that of their logarithms, back in ratios. What is no ratio is left out; undefined where none is. */
export function middleRatio(ratios: readonly number[], alpha = ALPHA): Tested | undefined {
  const logs = ratios.map(Math.log).filter((log) => Number.isFinite(log));
  return logs.length === 0 ? undefined : exponentiated(middleOf(logs, alpha));
}

/** The difference of two entries from pairs of their blocks. */
export function pairedDifference(values: readonly number[], baseline: readonly number[]): Tested | undefined {
  const differences = values
    .map((value, index) => value - (baseline[index] ?? NaN))
    .filter((difference) => Number.isFinite(difference));
  return differences.length === 0 ? undefined : middleOf(differences);
}

/** The ratio b/a of blocks that are no pairs. */
export function unpairedRatio(a: readonly number[], b: readonly number[]): Tested | undefined {
  const [logsA, logsB] = [a, b].map((values) => values.filter((value) => value > 0).map(Math.log)) as [
    number[],
    number[],
  ];
  return logsA.length === 0 || logsB.length === 0 ? undefined : exponentiated(shiftOf(logsA, logsB));
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

/** Pairs that it takes before even a perfect order of signs could survive Holm over `comparisons`: 2^(1-n) <= 0.05/m. */
export const fewestPairs = (comparisons: number): number => 1 + Math.ceil(Math.log2(comparisons / ALPHA));

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
