import { expect, it, vi } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
import type { Cell } from '../model/run-file.ts';
import { isSafe, leaksOf } from '../report/leaks.ts';
import { strategyRowsOf } from '../report/rows.ts';
import { judge } from './tiers.ts';

// Whatever a cell is said to be in words.
vi.mock('../report/format.ts', async (original) => ({ ...(await original<object>()), amount: () => 'in other words' }));

const run = exampleRun();
const rowOf = (strategy: string, cells = run.cells) =>
  strategyRowsOf({ ...run, cells }).find((row) => row.strategy === strategy)!;
const changed = (change: (cell: Cell) => Cell[]) => run.cells.flatMap(change);

it('no verdict changes with a text: it is computed from figures', () => {
  expect(judge(run).map(({ row: { strategy }, safe, tier }) => [strategy, safe, tier])).toEqual([
    ['cheap', true, 'near'],
    ['dear', false, 'more'],
  ]);
});

it('a leak is a metric, its milliseconds, and whether it had ended', () => {
  const { leaks } = leaksOf(rowOf('dear'));
  expect(leaks).toContainEqual({ metric: 'accepted-after-expiry', ms: 2000, censored: true });
});

it('a ban has to be measured where another row of the run has it, and only there', () => {
  const [cheap] = run.cells.filter(
    ({ strategy, metric }) => strategy === 'cheap' && metric === 'accepted-after-expiry',
  );
  const banOf = (strategy: string): Cell => ({ ...cheap!, strategy, metric: 'accepted-after-ban' });
  expect(isSafe(leaksOf(rowOf('cheap', [...run.cells, banOf('dear')])))).toBe(false);
  expect(isSafe(leaksOf(rowOf('cheap', [...run.cells, banOf('dear'), banOf('cheap')])))).toBe(true);
  const stale: Cell = { ...banOf('cheap'), median: 2000, censored: true };
  expect(leaksOf(rowOf('cheap', [...run.cells, stale])).leaks).toEqual([
    { metric: 'accepted-after-ban', ms: 2000, censored: true },
  ]);
});

it('a row of which one end was not measured, or whose measurement is void, is not safe', () => {
  expect(isSafe(leaksOf(rowOf('cheap')))).toBe(true);
  const missing = changed((cell) => (cell.metric === 'accepted-after-downgrade' ? [] : [cell]));
  expect(leaksOf(rowOf('cheap', missing))).toEqual({ complete: false, leaks: [] });
  expect(isSafe(leaksOf(rowOf('cheap', missing)))).toBe(false);
  const voided = changed((cell) => [cell.metric === 'accepted-after-expiry' ? { ...cell, void: 'no probe' } : cell]);
  expect(isSafe(leaksOf(rowOf('cheap', voided)))).toBe(false);
});
