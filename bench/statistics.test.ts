import { describe, expect, it } from 'vitest';
import { median, pairedRatio, seeded, shuffled, slope, tInterval } from './statistics.ts';

describe('statistics, against known answers', () => {
  it('takes the middle, or the mean of the two middles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("gives Student's t interval of the mean", () => {
    // R: t.test(c(1, 2, 3, 4, 5)) -> 1.036757 4.963243
    const { estimate, low, high } = tInterval([1, 2, 3, 4, 5]);
    expect(estimate).toBe(3);
    expect(low).toBeCloseTo(1.036757, 5);
    expect(high).toBeCloseTo(4.963243, 5);
  });

  it('gives no bounds for one value', () => {
    expect(tInterval([1]).low).toBeNaN();
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
    expect(slope([[0, 5], [10, 25], [20, 45]])).toBe(2); // prettier-ignore
  });

  it('shuffles the same way for the same seed, and keeps every item', () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const [first, second, other] = [1, 1, 2].map((seed) => shuffled(items, seeded(seed)));
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(first?.toSorted((a, b) => a - b)).toEqual(items);
  });
});
