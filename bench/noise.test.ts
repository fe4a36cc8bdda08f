import { describe, expect, it } from 'vitest';
import { exampleRun } from '../test/support/run.ts';
import { toCells } from './cells.ts';
import { controlsOf, differs, isWithheld, noiseOf } from './noise.ts';
import type { Cell, Ratio } from './run-file.ts';
import type { Recorded } from './suite.ts';

const ratio = (estimate: number, ciLow: number, ciHigh: number, p = 0.001): Ratio => ({
  estimate,
  ciLow,
  ciHigh,
  p,
  n: 5,
  method: 't',
});

/** The open door and one more arm, over five blocks. */
function cellsOf(role: Recorded['owner']['role'], strategy: string, values: readonly number[]): Cell[] {
  const params = { load: 'saturated' };
  const common = { suite: 'parse-cost', metric: 'server-cpu-per-message', params } as const;
  const owner = { role: 'baseline', strategy: '_open-door', variant: null } as const;
  return toCells(
    values.flatMap((value, repetition): Recorded[] => [
      { ...common, owner, repetition, block: `${repetition}`, value: 30 },
      { ...common, owner: { role, strategy, variant: null }, repetition, block: `${repetition}`, value },
    ]),
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
  });
});

describe('twins', () => {
  it('that are the same withhold nothing, and twins that differ each time by as much withhold the verdicts', () => {
    expect(isWithheld({ cells: cellsOf('twin', '_twin', [30, 31, 29, 30.5, 29.5]) })).toBe(false);
    expect(isWithheld({ cells: cellsOf('twin', '_twin', [33, 33.1, 33, 32.9, 33]) })).toBe(true);
  });
});

describe('a control', () => {
  it('is found where it is dearer beyond doubt, and not where the run is too loud for it', () => {
    expect(controlsOf({ cells: cellsOf('control', '_busy-20us', [50, 51, 49, 50, 50]) })[0]?.found).toBe(true);
    expect(controlsOf({ cells: cellsOf('control', '_busy-20us', [50, 20, 70, 25, 90]) })[0]?.found).toBe(false);
  });
});
