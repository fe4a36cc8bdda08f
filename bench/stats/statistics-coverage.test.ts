import { describe, expect, it } from 'vitest';
import { seeded } from '../../harness/app/random.ts';
import { bySignedRanks, holm, middleOf, middleRatio } from './statistics.ts';

const random = seeded(16);
const times = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const skewed = (): number => -Math.log(1 - random());
/** One block in twenty spreads thirty times as far. */
const wild = (): number => normal() * (random() < 0.05 ? 30 : 1);
/** One cost in twenty is half as dear again, as that of a process whose young generation stays small. */
const cost = (): number => (1 + 0.03 * normal()) * (random() < 0.05 ? 1.5 : 1);
const logRatio = (): number => Math.log(cost() / cost());
/** Half of the median of the sum of two that are skewed, which has the density x * exp(-x). */
const SKEWED_MIDDLE = 1.678346990016661 / 2;

/** The blocks of `full` and of `quick`, and the fewest that have bounds. */
const sizes = [12, 9, 6] as const;
const spreads = [
  { name: 'normal', draw: normal, middle: 0 },
  { name: 'skewed', draw: skewed, middle: SKEWED_MIDDLE },
  { name: 'symmetric with wild ones', draw: wild, middle: 0 },
  { name: 'log ratios of costs that are dear now and then', draw: logRatio, middle: 0 },
];
const TRIALS = 2500;
/** A share of so many trials is off by more than this once in a thousand times. */
const error = (share: number, trials: number): number => 3.1 * Math.sqrt((share * (1 - share)) / trials);

describe.each(sizes)('over %i blocks', (blocks) => {
  it.each(spreads)('that are $name, 94% of intervals hold the middle, and no more than 5% reject it', (spread) => {
    const found = times(TRIALS, () => middleOf(times(blocks, spread.draw).map((value) => value - spread.middle)));
    const hold = found.filter(({ low, high }) => low <= 0 && high >= 0).length / TRIALS;
    const told = found.filter(({ p }) => p < 0.05).length / TRIALS;
    expect(hold).toBeGreaterThanOrEqual(0.94);
    expect(told).toBeLessThanOrEqual(0.05 + error(0.05, TRIALS));
  });
});

it('nine rows against one baseline: after Holm, one of them is told in no more than 5% of runs', () => {
  const runs = times(600, () => {
    const baseline = times(12, cost);
    return holm(times(9, () => middleRatio(baseline.map((base) => cost() / base))!.p));
  });
  const told = runs.filter((ps) => ps.some((p) => p < 0.05)).length / runs.length;
  expect(told).toBeLessThanOrEqual(0.05 + error(0.05, runs.length));
});

it('nine rows whose blocks spread by 3%: one that is 10% dearer is told in nearly every run', () => {
  const block = () => 1 + 0.03 * normal();
  const runs = times(200, () => {
    const baseline = times(12, block);
    const row = (factor: number) => middleRatio(baseline.map((base) => (factor * block()) / base))!.p;
    return holm([row(1.1), ...times(8, () => row(1))])[0]!;
  });
  expect(runs.filter((p) => p < 0.05).length / runs.length).toBeGreaterThan(0.95);
});

describe('one block that is off', () => {
  const others = times(11, () => 1 + 0.02 * normal());
  const averages = others
    .flatMap((a, index) => others.slice(index).map((b) => Math.sqrt(a * b)))
    .toSorted((a, b) => a - b);
  const alone = bySignedRanks(others.map(Math.log));
  const withOne = (block: number) => middleRatio([...others, block])!;
  const [least, nextLeast] = averages as [number, number];
  const [next, most] = averages.slice(-2) as [number, number];

  it.each([10, 1e6])('times %i moves the bounds of twelve to ranks of the averages of the others', (factor) => {
    const { low, high } = withOne(factor);
    // The others have 66 averages. The bounds are the 14th and the 65th; without that block, the 11th and the 56th.
    expect(low).toBeCloseTo(averages[13]!, 12);
    expect(high).toBeCloseTo(next, 12);
    expect(Math.exp(alone.low)).toBeCloseTo(averages[10]!, 12);
    expect(Math.exp(alone.high)).toBeCloseTo(averages[55]!, 12);
    expect(withOne(1 / factor).low).toBeCloseTo(nextLeast, 12);
  });

  it('leaves the bounds within the others, however far it is off, and the estimate within their own bounds', () => {
    for (const block of [0.1, 0.5, 0.97, 1.03, 2, 10, 1e9]) {
      const { estimate, low, high } = withOne(block);
      expect(low).toBeGreaterThanOrEqual(nextLeast - 1e-12);
      expect(high).toBeLessThanOrEqual(next + 1e-12);
      expect(low > least && high < most).toBe(true);
      expect(Math.log(estimate) > alone.low && Math.log(estimate) < alone.high).toBe(true);
    }
  });

  it.each([9, 10, 11])('leaves the bounds of %i within the others', (blocks) => {
    const few = others.slice(0, blocks - 1);
    for (const block of [1e-6, 0.5, 2, 1e6]) {
      const { low, high } = middleRatio([...few, block])!;
      expect(low).toBeGreaterThanOrEqual(Math.min(...few));
      expect(high).toBeLessThanOrEqual(Math.max(...few));
    }
  });

  it('moves a bound of eight as far as it likes', () => {
    const ofEight = (block: number) => middleRatio([...others.slice(0, 7), block])!.high;
    expect(ofEight(1000)).toBeGreaterThan(5 * ofEight(10));
  });
});
