import { metrics } from '../suites/registry.ts';
import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
import { toCells } from './cells.ts';
import { controlsOf, correctedP, differs, noiseOf, separatedTwins, smallestSignificant, verdictOf } from './noise.ts';
import type { Cell, Ratio } from './run-file.ts';
import type { Recorded } from './sample.ts';

const ratio = (estimate: number, ciLow: number, ciHigh: number, p = 0.001): Ratio => ({
  estimate,
  ciLow,
  ciHigh,
  p,
  n: 12,
});

/** The no-auth baseline and one more entry, over ten blocks, which take the values in turn. */
function cellsOf(role: Recorded['entry']['role'], strategy: string, values: readonly number[], blocks = 10): Cell[] {
  const common = { suite: 'parse-cost', metric: 'server-cpu-per-message', params: { load: 'saturated' } } as const;
  const door = { role: 'baseline', strategy: '_no-auth', variant: null } as const;
  return toCells(
    Array.from({ length: blocks }, (_, repetition): Recorded[] => {
      const block = { ...common, repetition, block: `${repetition}` };
      const value = values[repetition % values.length]!;
      return [
        { ...block, entry: door, value: 30 },
        { ...block, entry: { role, strategy, variant: null }, value },
      ];
    }).flat(),
    metrics,
  );
}

describe('the noise floor', () => {
  it("is as far from 1 as the twin's interval goes, on either side", () => {
    const cells = exampleRun().cells.map((cell) =>
      cell.role === 'twin' ? { ...cell, ratio: ratio(0.98, 0.9, 1.05, 0.4) } : cell,
    );
    const noise = noiseOf({ cells }, cells[0]!);
    expect(noise?.floor).toBeCloseTo(1 / 0.9);
    expect(noise?.separated).toBe(false);
  });

  it('hides what an interval alone would tell', () => {
    const noise = { floor: 1.1, low: 1 / 1.1, high: 1.1, separated: false, twin: ratio(1, 0.95, 1.1) };
    expect(differs(ratio(1.08, 1.02, 1.14))).toBe(true);
    expect(differs(ratio(1.08, 1.02, 1.14), noise)).toBe(false);
    expect(differs(ratio(1.2, 1.12, 1.28), noise)).toBe(true);
    expect(differs(ratio(0.8, 0.7, 0.9), noise)).toBe(true);
    expect(differs(ratio(1.2, 0.9, 1.6), noise)).toBe(false);
  });

  it('is not known where no twin was measured by the same parameters', () => {
    const [baseline] = cellsOf('twin', '_twin', [30, 31, 29, 30, 30]);
    expect(noiseOf({ cells: cellsOf('twin', '_twin', [30, 31, 29, 30, 30]) }, baseline!)).toBeDefined();
    expect(noiseOf({ cells: [] }, baseline!)).toBeUndefined();
    const few = cellsOf('twin', '_twin', [30, 31, 29, 30, 30], 5);
    expect(noiseOf({ cells: few }, few[0]!)).toBeUndefined();
  });
});

describe('twins', () => {
  it('that are the same withhold nothing, and twins that differ each time by as much withhold the verdicts', () => {
    expect(separatedTwins({ cells: cellsOf('twin', '_twin', [30, 31, 29, 30.5, 29.5]) })).toEqual([]);
    expect(separatedTwins({ cells: cellsOf('twin', '_twin', [33, 33.1, 33, 32.9, 33]) })).toHaveLength(1);
    // Seven pairs that all differ alike come about once in 64 runs by chance: too often.
    expect(separatedTwins({ cells: cellsOf('twin', '_twin', [33], 7) })).toEqual([]);
    expect(separatedTwins({ cells: cellsOf('twin', '_twin', [33], 8) })).toHaveLength(1);
  });
});

describe('a control', () => {
  it('is found where it is dearer beyond doubt, and not where the run is too loud for it', () => {
    expect(controlsOf({ cells: cellsOf('control', '_busy-20us', [50, 51, 49, 50, 50]) })[0]?.found).toBe(true);
    expect(controlsOf({ cells: cellsOf('control', '_busy-20us', [50, 20, 70, 25, 90]) })[0]?.found).toBe(false);
  });
});

describe('the verdict on a ratio', () => {
  const [twin] = cellsOf('twin', '_twin', [30, 31, 29, 30, 30]).filter(({ role }) => role === 'twin');
  const row = (strategy: string, p: number): Cell => ({
    ...twin!,
    role: 'strategy',
    strategy,
    ratio: ratio(1.4, 1.1, 1.8, p),
  });
  const rows = (count: number, p: number) => Array.from({ length: count }, (_, index) => row(`row-${index}`, p));

  it('is corrected for all rows of its role: what is told alone is not told among eight', () => {
    const [alone] = rows(1, 0.02);
    expect(verdictOf({ cells: [twin!, alone!] }, alone!)).toBe('significant');
    const cells = [twin!, ...rows(8, 0.02)];
    expect(verdictOf({ cells }, cells[1]!)).toBe('no difference found');
    expect(correctedP({ cells }, cells[1]!)).toBeCloseTo(0.16);
    const peers = rows(7, 0.02).map((cell) => ({ ...cell, role: 'peer' as const }));
    expect(verdictOf({ cells: [twin!, alone!, ...peers] }, alone!)).toBe('significant');
  });

  it('is withheld where the twins of its own measure separate, and only there', () => {
    const separated = { ...twin!, ratio: ratio(1.1, 1.09, 1.11, 0.0001) };
    const other = { ...row('other', 0.001), suite: 'churn' };
    const cells = [separated, row('row', 0.001), other];
    expect(cells.map((cell) => verdictOf({ cells }, cell))).toEqual(['withheld', 'withheld', 'significant']);
  });

  it.each([
    ['void', { void: 'not saturated' }],
    ['without a ratio', { ratio: null }],
    ['without an interval', { ratio: { ...ratio(15.2, 1, 1), ciLow: null, ciHigh: null, p: 0.06, n: 5 } }],
  ])('is not known where a cell is %s, so nothing calls it the same as the baseline', (_, change) => {
    const cell = { ...row('row', 0.06), ...change };
    expect(verdictOf({ cells: [twin!, cell] }, cell)).toBe('not known');
  });

  it.each([
    ['void', { void: 'not saturated' }],
    ['of one block', { ratio: { ...ratio(1, 1, 1), ciLow: null, ciHigh: null, p: null, n: 1 } }],
  ])('tells nothing where the twin is %s', (_, change) => {
    const cells = [{ ...twin!, ...change }, row('row', 0.0001)];
    expect(verdictOf({ cells }, cells[1]!)).toBe('no difference found');
  });
});

it('a control says whether it was read right', () => {
  const read = (values: number[]) => controlsOf({ cells: cellsOf('control', '_busy-20us', values) })[0];
  expect(read([50, 51, 49, 50, 50])).toMatchObject({ known: 20, isTrue: true });
  expect(read([60, 61, 59, 60, 60])).toMatchObject({ known: 20, isTrue: false });
});

describe('a row is sure to be told', () => {
  const quiet = cellsOf('twin', '_twin', [30, 31, 29, 30, 30]).find(({ role }) => role === 'twin')!;
  const spreadBy = (values: readonly number[], blocks?: number) =>
    cellsOf('strategy', 'a', values, blocks).find(({ role }) => role === 'strategy')!;
  const loud = spreadBy([20, 22, 24, 26, 28, 32, 34, 36, 38, 40]);
  const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ ...loud, strategy: `row-${index}` }));
  const significantAmong = (count: number) => smallestSignificant({ cells: [quiet, ...rows(count)] }, rows(1)[0]!);

  it('beyond what its spread leaves', () => {
    expect(significantAmong(1)).toBeCloseTo(Math.sqrt(loud.ratio!.ciHigh! / loud.ratio!.ciLow!), 10);
  });

  it('and beyond what its company leaves', () => {
    // Bounds of ten values are of whole ranks, so a little company may leave them where they are.
    expect(significantAmong(2)).toBeGreaterThanOrEqual(significantAmong(1)!);
    expect(significantAmong(9)).toBeGreaterThan(significantAmong(2)!);
  });

  it('and beyond the floor', () => {
    const steady = spreadBy([33]);
    expect(smallestSignificant({ cells: [quiet, steady] }, steady)).toBe(noiseOf({ cells: [quiet] }, quiet)!.floor);
  });

  it('nowhere, where its blocks are too few, by themselves or among so many', () => {
    const few = spreadBy([30, 31, 29, 30, 30], 5);
    expect(smallestSignificant({ cells: [quiet, few] }, few)).toBeUndefined();
    // The smallest p of ten pairs is 2^-9, and 0.05 / 30 is smaller.
    expect(significantAmong(30)).toBeUndefined();
  });
});
