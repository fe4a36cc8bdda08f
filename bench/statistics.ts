import tQuantile from '@stdlib/stats-base-dists-t-quantile';

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's t interval of the mean, 95%; NaN bounds for fewer than two values. */
export function tInterval(values: readonly number[]): Interval {
  const estimate = mean(values);
  const n = values.length;
  const variance = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (n - 1);
  const half = n < 2 ? NaN : tQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return { estimate, low: estimate - half, high: estimate + half };
}

/** The ratio of two arms from pairs of their blocks: the t interval of the log ratios, back in ratios. */
export function pairedRatio(values: readonly number[], baseline: readonly number[]): Interval | undefined {
  const logs = values.flatMap((value, index) => {
    const log = Math.log(value / (baseline[index] ?? NaN));
    return Number.isFinite(log) ? [log] : [];
  });
  if (logs.length === 0) return undefined;
  const { estimate, low, high } = tInterval(logs);
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

/** The slope of a least-squares line. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** A repeatable sequence in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher-Yates, by the given source of randomness. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let index = copy.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other]!, copy[index]!];
  }
  return copy;
}
