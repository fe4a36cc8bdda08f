import { describe, expect, it } from 'vitest';
import { seeded, shuffled } from '../../harness/app/random.ts';
import {
  bySignedRanks,
  fewestPairs,
  fitLine,
  holm,
  median,
  middleOf,
  middleRatio,
  pairedDifference,
  rankOf,
  unpairedRatio,
} from './statistics.ts';

/** Ranks from 1, by a sort; those that are equal share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

const bits = (mask: number): number => mask.toString(2).replaceAll('0', '').length;

/** Two-sided, by every one of `2^ranks.length` choices that `counts`: how many sums lie as far out as that of `seen`. */
function enumerated(ranks: readonly number[], seen: number, counts: (mask: number) => boolean): number {
  const sumOf = (mask: number) => ranks.reduce((sum, rank, index) => sum + (mask & (1 << index) ? rank : 0), 0);
  const sums = Array.from({ length: 2 ** ranks.length }, (_, mask) => mask)
    .filter(counts)
    .map(sumOf);
  const at = sumOf(seen);
  const share = (of: (sum: number) => boolean) => sums.filter(of).length / sums.length;
  return Math.min(1, 2 * Math.min(share((sum) => sum <= at), share((sum) => sum >= at))); // prettier-ignore
}

/** R: wilcox.test(values)$p.value, from all signs. */
function signedRanksP(values: readonly number[]): number {
  const positive = values.reduce((mask, value, index) => mask | (value > 0 ? 1 << index : 0), 0);
  return enumerated(ranksOf(values.map(Math.abs)), positive, () => true);
}

/** R: wilcox.test(b, a)$p.value, from all choices of as many as `b` has. */
function rankSumP(a: readonly number[], b: readonly number[]): number {
  const ofB = b.reduce((mask, _, index) => mask | (1 << (a.length + index)), 0);
  return enumerated(ranksOf([...a, ...b]), ofB, (mask) => bits(mask) === b.length);
}

/** R's interval: from where on a difference is no longer rejected at 5%, and from where on it is again. */
function expectBounds(low: number, high: number, pOf: (difference: number) => number): void {
  const step = 1e-9;
  expect([low - step, high + step].map((difference) => pOf(difference) <= 0.05)).toEqual([true, true]);
  expect([low + step, high - step].map((difference) => pOf(difference) > 0.05)).toEqual([true, true]);
}

const random = seeded(5);
const draws = (count: number): number[] => Array.from({ length: count }, () => random() + random() ** 2);

describe('statistics, against known answers', () => {
  it('takes the middle, or the mean of the two middles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('takes the nearest rank, which for the p99 of few values is the worst', () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 1].map((share) => rankOf(values, share))).toEqual([1, 100, 198, 200]);
    expect(rankOf([3, 7], 0.99)).toBe(7);
    expect(rankOf([], 0.5)).toBeUndefined();
  });

  it("corrects by Holm's steps", () => {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), method = 'holm') -> 0.03 0.06 0.06 0.02
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, index) => expect(corrected[index]).toBeCloseTo(p, 10));
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });

  it('knows how many pairs it takes to reject anything', () => {
    // 2^(1-6) = 0.031 is the first below 0.05; over 8 comparisons 2^(1-9) = 0.0039 is the first below 0.00625.
    expect([1, 8].map(fewestPairs)).toEqual([6, 9]);
    const clearest = (pairs: number) => middleOf(draws(pairs)).p;
    for (const comparisons of [1, 8, 9]) {
      const pairs = fewestPairs(comparisons);
      expect(clearest(pairs)).toBeLessThan(0.05 / comparisons);
      expect(clearest(pairs - 1)).toBeGreaterThan(0.05 / comparisons);
    }
  });

  it('fits a line', () => {
    const points = [0, 10, 20].map((x): [number, number] => [x, 5 + 2 * x]);
    expect(fitLine(points)).toEqual({ slope: 2, intercept: 5 });
  });

  it('shuffles the same way for the same seed, and keeps every item', () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const [first, second, other] = [1, 1, 2].map((seed) => shuffled(items, seeded(seed)));
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(first?.toSorted((a, b) => a - b)).toEqual(items);
  });
});

describe('the middle of values', () => {
  it('has the p and the bounds of exact signed ranks', () => {
    // R: example(wilcox.test), Hollander and Wolfe's depression data, with conf.int = TRUE: V = 40, p-value = 0.03906,
    // 95 percent confidence interval 0.010 0.786, (pseudo)median 0.460
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const fallen = before.map((value, index) => value - after[index]!);
    const { p, n, low, high, estimate } = bySignedRanks(fallen);
    expect({ p, n }).toEqual({ p: 0.0390625, n: 9 });
    expect([low, estimate, high].map((value) => value.toFixed(3))).toEqual(['0.010', '0.460', '0.786']);
  });

  it.each([6, 7, 12])('is what all signs of %i values give', (count) => {
    for (let trial = 0; trial < 3; trial++) {
      const values = draws(count).map((value) => value - 0.4);
      const { estimate, low, high, p } = middleOf(values);
      expect(p).toBeCloseTo(signedRanksP(values), 12);
      expectBounds(low, high, (middle) => signedRanksP(values.map((value) => value - middle)));
      expect(low < estimate && estimate < high).toBe(true);
      expect(low > 0 || high < 0).toBe(p < 0.05);
    }
  });

  it('shares ranks between values that are as far from nothing, and leaves out what is nothing', () => {
    const tied = [1, -1, 2, 2, 3, -2, 4, 4];
    expect(middleOf(tied).p).toBeCloseTo(signedRanksP(tied), 12);
    expect(bySignedRanks([...tied, 0, 0]).p).toBe(middleOf(tied).p);
  });

  it('is the median of nine values, between the second and the eighth of them, by signs alone', () => {
    // R: binom.test(8, 9)$p.value -> 0.0390625; qbinom(0.025, 9, 0.5) -> 2
    const values = [-1, 2, 3, 4, 5, 6, 7, 8, 900];
    expect(middleOf(values)).toEqual({ estimate: 5, low: 2, high: 8, p: 0.0390625, n: 9 });
    expect(middleOf([0, ...values])).toMatchObject({ estimate: 4.5, low: 0, high: 8, p: 0.0390625, n: 10 });
  });

  it('has its bounds at the outermost of six values, and none with fewer', () => {
    expect(middleOf([1, 2, 3, 4, 5, 6])).toEqual({ estimate: 3.5, low: 1, high: 6, p: 2 / 64, n: 6 });
    expect(middleOf([1, 2, 3, 4, 5])).toEqual({ estimate: 3, low: NaN, high: NaN, p: 2 / 32, n: 5 });
    expect(middleOf([1])).toEqual({ estimate: 1, low: NaN, high: NaN, p: 1, n: 1 });
    expect(middleOf([])).toMatchObject({ estimate: NaN, low: NaN, high: NaN, n: 0 });
  });

  it('is wider where less may be missed', () => {
    const values = draws(12);
    const [usual, strict] = [middleOf(values), middleOf(values, 0.05 / 9)];
    expect(strict.low).toBeLessThan(usual.low);
    expect(strict.high).toBeGreaterThan(usual.high);
    expect(middleOf(draws(7), 0.05 / 9).low).toBeNaN();
  });

  it('takes ratios by their logarithms, and leaves out what is no ratio', () => {
    const ratios = [0.5, 2, 4, 0.25, 1, 1];
    expect(middleRatio(ratios)).toMatchObject({ estimate: 1, low: 0.25, high: 4, p: 1, n: 6 });
    expect(middleRatio([2, NaN, 0, Infinity, -1])).toMatchObject({ estimate: 2, n: 1 });
    expect(middleRatio([NaN])).toBeUndefined();
    expect(middleRatio([])).toBeUndefined();
  });

  it('takes differences pair by pair', () => {
    expect(pairedDifference([3, NaN, 5], [1, 1, 3])).toMatchObject({ estimate: 2, low: NaN, high: NaN, n: 2 });
    const drifting = [10, 20, 40, 80, 160, 320];
    const two = pairedDifference(drifting, drifting.map((value) => value - 2)); // prettier-ignore
    expect(two).toMatchObject({ estimate: 2, low: 2, high: 2, n: 6 });
    expect(pairedDifference([1], [])).toBeUndefined();
  });
});

describe('the ratio of blocks that are no pairs', () => {
  it('has the p and the bounds of exact rank sums', () => {
    // R: example(wilcox.test), permeability at term and before: W = 35; coin::wilcox_test(distribution = 'exact',
    // conf.int = TRUE): p-value = 0.2544, difference in location -0.305, 95 percent confidence interval -0.76 0.15
    const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const before = [1.15, 0.88, 0.9, 0.74, 1.21];
    const { estimate, low, high, p, n } = unpairedRatio(atTerm.map(Math.exp), before.map(Math.exp))!;
    expect([estimate, low, high].map((ratio) => Math.log(ratio).toFixed(3))).toEqual(['-0.305', '-0.760', '0.150']);
    expect(p).toBeCloseTo(0.2544, 4);
    expect(n).toBe(5);
  });

  it.each([
    [4, 4],
    [3, 8],
    [7, 6],
  ])('is what all choices of %i and %i blocks give', (countA, countB) => {
    for (let trial = 0; trial < 3; trial++) {
      const [a, b] = [draws(countA), draws(countB).map((value) => value * 1.6)];
      const { low, high, p } = unpairedRatio(a, b)!;
      expect(p).toBeCloseTo(rankSumP(a, b), 12);
      expectBounds(Math.log(low), Math.log(high), (shift) => rankSumP(a, b.map((value) => value / Math.exp(shift)))); // prettier-ignore
    }
  });

  it('shares ranks between equal blocks', () => {
    const a = [1, 2, 2, 3];
    const b = [2, 3, 3, 4, 5];
    expect(unpairedRatio(a, b)?.p).toBeCloseTo(rankSumP(a, b), 12);
  });

  it('has no bounds where too few blocks are there, and is none where one side has none', () => {
    expect(unpairedRatio([10, 11, 12], [20, 24, 22])).toMatchObject({ low: NaN, high: NaN, p: 0.1, n: 3 });
    expect(unpairedRatio([], [1])).toBeUndefined();
    expect(unpairedRatio([1], [0])).toBeUndefined();
  });
});
