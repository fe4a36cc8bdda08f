import { describe, expect, it } from 'vitest';
import type { RunningEntry } from './group.ts';
import { baselineOf, bySlice, medianOf, p99Of } from './slice-figures.ts';
import type { CountedSlice, Taken } from './time-slices.ts';

describe('a figure by slices', () => {
  /** Slices of ten messages that cost so many us each, by turn from 0 on; null: somebody else's turn. */
  const costing = (...costs: (number | null)[]): Taken => {
    const slices = costs.flatMap((cost, turn) =>
      cost === null ? [] : [{ count: 10, cpu: 10 * cost, turn } as CountedSlice],
    );
    return { slices } as unknown as Taken;
  };
  const cost = ({ cpu, count }: CountedSlice): number => cpu / count;

  it('is the median of them', () => {
    expect(medianOf(costing(30, 500, 31), cost)).toBe(31);
    const withNothing = [...costing(30, 32).slices, { ...costing(1).slices[0]!, count: 0 }];
    expect(medianOf({ ...costing(), slices: withNothing }, cost)).toBe(31);
  });

  it('is compared with the slices of the baseline around it: what slows the machine for a while drops out', () => {
    const found = bySlice(costing(null, 33, null, 66, null, 110), costing(30, null, 30, null, 60, null, 100), cost);
    expect(found.value).toBe(66);
    expect(found.paired?.ratio).toBeCloseTo(1.1);
    expect(found.paired?.added).toBeCloseTo(8);
  });

  it('is the middle of them: one slice that is off moves neither', () => {
    const { paired } = bySlice(
      costing(null, 33, null, 3300, null, 33),
      costing(30, null, 30, null, 30, null, 30),
      cost,
    );
    expect(paired?.ratio).toBeCloseTo(1.1);
    expect(paired?.added).toBeCloseTo(3);
  });

  it('is compared with one slice of the baseline where there is none on the other side', () => {
    const { paired } = bySlice(costing(null, 40), costing(20, null), cost);
    expect(paired).toEqual({ ratio: 2, added: 20 });
  });

  it('is compared with nothing where nothing is there to compare with, and never with itself', () => {
    expect(bySlice(costing(30), costing(null), cost)).toEqual({ value: 30 });
    expect(bySlice(costing(30), undefined, cost)).toEqual({ value: 30 });
    const baseline = costing(30, 31, 32);
    expect(bySlice(baseline, baseline, cost)).toEqual({ value: 31 });
  });

  it('is compared with the baseline of its group', () => {
    const [row, door] = ['strategy', 'baseline'].map((role) => ({ entry: { role } }) as RunningEntry) as [
      RunningEntry,
      RunningEntry,
    ];
    const of = new Map([[row, costing(1)], [door, costing(2)]]); // prettier-ignore
    expect(baselineOf(of)).toBe(of.get(door));
    expect(baselineOf(new Map([[row, costing(1)]]))).toBeUndefined();
  });
});

describe('p99Of', () => {
  const timings = { p50: 1, p99: 2, distribution: [] };

  it('is void where fewer than ten times lie beyond it', () => {
    const few = p99Of('latency-p99', { ...timings, count: 999 }, { params: {} });
    expect(few.void).toBe('too few samples for a 99th percentile');
    expect(p99Of('latency-p99', { ...timings, count: 1000 }, { params: {} }).void).toBeUndefined();
  });
});
