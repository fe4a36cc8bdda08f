import { describe, expect, it } from 'vitest';
import { seeded, shuffled } from '../harness/random.ts';
import {
  fewestPairs,
  fitLine,
  holm,
  meanOf,
  median,
  pairedDifference,
  pairedRatio,
  rankOf,
  unpairedRatio,
} from './statistics.ts';

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

  it("gives Student's t interval of the mean", () => {
    // R: t.test(c(1, 2, 3, 4, 5)) -> p-value = 0.01324, 1.036757 4.963243
    const { estimate, low, high, p, n, method } = meanOf([1, 2, 3, 4, 5]);
    expect({ estimate, n, method }).toEqual({ estimate: 3, n: 5, method: 't' });
    expect(low).toBeCloseTo(1.036757, 5);
    expect(high).toBeCloseTo(4.963243, 5);
    expect(p).toBeCloseTo(0.01324, 4);
  });

  it('gives no bounds for one value', () => {
    expect(meanOf([1])).toMatchObject({ estimate: 1, low: NaN, high: NaN, p: NaN });
  });

  it('bootstraps from 20 values on, the same way each time, and close to t where values are near normal', () => {
    const random = seeded(7);
    // The sum of twelve uniform draws, less six, is near normal.
    const normal = Array.from({ length: 40 }, () => Array.from({ length: 12 }, random).reduce((a, b) => a + b, -6) + 1);
    const found = meanOf(normal);
    expect(found.method).toBe('bootstrap');
    expect(meanOf(normal)).toEqual(found);
    const { low, high } = meanOf(normal.slice(0, 19));
    expect(high - low).toBeGreaterThan(found.high - found.low);
    expect(found.low).toBeLessThan(1);
    expect(found.high).toBeGreaterThan(1);
    expect(found.p).toBeLessThan(0.01);
  });

  it('rejects a mean of nothing about once in twenty', () => {
    const random = seeded(3);
    const draws = Array.from({ length: 400 }, () => meanOf(Array.from({ length: 5 }, () => random() + random() - 1)));
    const rejected = draws.filter(({ p }) => p < 0.05).length;
    expect(rejected).toBeGreaterThan(8);
    expect(rejected).toBeLessThan(36);
  });

  it("gives Welch's t for blocks that are no pairs", () => {
    // R: x <- log(c(10, 11, 12, 13)); y <- log(c(20, 24, 22, 27, 21)); t.test(y, x)
    // -> t = 8.4306, df = 6.9975, p-value = 6.547e-05, mean difference 0.6868, CI 0.4942 0.8795
    const ratio = unpairedRatio([10, 11, 12, 13], [20, 24, 22, 27, 21]);
    expect(Math.log(ratio?.estimate ?? 0)).toBeCloseTo(0.6868, 2);
    expect(ratio?.n).toBe(4);
    expect(unpairedRatio([], [1])).toBeUndefined();
  });

  it("corrects by Holm's steps", () => {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), method = 'holm') -> 0.03 0.06 0.06 0.02
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, index) => expect(corrected[index]).toBeCloseTo(p, 10));
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });

  it('knows how many pairs a test of signs takes', () => {
    // 2^(1-6) = 0.031 is the first below 0.05; over 8 comparisons 2^(1-9) = 0.0039 is the first below 0.00625.
    expect([1, 8].map(fewestPairs)).toEqual([6, 9]);
  });

  it('takes differences pair by pair', () => {
    expect(pairedDifference([3, NaN, 5], [1, 1, 3])).toMatchObject({ estimate: 2, low: 2, high: 2, n: 2 });
  });

  it('compares pair by pair: what drifts for both drops out', () => {
    const baseline = [10, 20, 40];
    const ratio = pairedRatio(
      baseline.map((value) => value * 1.5),
      baseline,
    );
    expect(ratio?.estimate).toBeCloseTo(1.5);
    expect(ratio?.low).toBeCloseTo(1.5);
    expect(ratio?.high).toBeCloseTo(1.5);
  });

  it('leaves out pairs of which one is missing, and answers nothing for none', () => {
    expect(pairedRatio([2, NaN, 4], [1, 1, NaN])?.estimate).toBe(2);
    expect(pairedRatio([1], [])).toBeUndefined();
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
