import { describe, expect, it } from 'vitest';
import { exampleRun } from '../test/support/run.ts';
import { compareRows, compareRuns } from './compare.ts';
import type { Cell, Run } from './run-file.ts';

const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

const changed = (run: Run, metric: Cell['metric'], change: (cell: Cell) => Partial<Cell>): Run => ({
  ...run,
  cells: run.cells.map((cell) =>
    cell.metric === metric && cell.role === 'contestant' ? { ...cell, ...change(cell) } : cell,
  ),
});

const scaled =
  (times: number) =>
  (cell: Cell): Partial<Cell> => ({
    median: cell.median * times,
    blocks: cell.blocks.map((value) => value && value * times),
  });

describe('a regression', () => {
  const run = exampleRun();
  const regressions = (other: Run): string[] => compareRuns(run, other).regressions(10);

  it('is no slower hour: the open door was slower beside it', () => {
    const slower = changed(run, 'server-cpu-per-message', (cell) => ({
      ...scaled(2)(cell),
      beside: cell.beside && cell.beside.map((value) => value && value * 2),
    }));
    expect(regressions(slower)).toEqual([]);
  });

  it('is a figure that is void now', () => {
    const found = regressions(changed(run, 'server-cpu-per-message', () => ({ void: 'it answered nobody' })));
    expect(found.join('\n')).toMatch(/server-cpu-per-message saturated is void: it answered nobody/);
  });

  it('is a credential that goes on for longer, though one block tests nothing', () => {
    const found = regressions(changed(run, 'accepted-after-expiry', ({ median }) => ({ median: median + 500 })));
    expect(found.join('\n')).toMatch(/accepted-after-expiry.* goes on longer: /);
  });

  it('is a credential that goes on without an end', () => {
    const found = regressions(changed(run, 'accepted-after-expiry', () => ({ censored: true })));
    expect(found.join('\n')).toMatch(/goes on without an end/);
  });

  it('is a strategy that is there no more, or a run that is not complete', () => {
    const without = { ...run, cells: run.cells.filter(({ strategy }) => strategy !== 'dear') };
    expect(regressions(without).join('\n')).toMatch(/cells are in A alone: .*dear/);
    expect(regressions({ ...run, complete: false })).toEqual(['Run B is not complete']);
  });
});

describe('compare', () => {
  it('sets two strategies of a run side by side', () => {
    const { text } = compareRows(exampleRun(), 'cheap', 'dear/hardened');
    expect(lineOf(text, '| parse-cost')).toContain('5.00 [5.00, 5.00]');
    expect(() => compareRows(exampleRun(), 'cheap', 'nobody')).toThrow(
      'there are: _open-door/hardened, _twin, cheap/hardened',
    );
  });

  it('finds no difference between a run and itself, and says where environments differ', () => {
    const run = exampleRun();
    expect(compareRuns(run, run).text).not.toMatch(/\d \[/);
    expect(compareRuns(run, run).regressions(0)).toEqual([]);
    const other = exampleRun({ environment: { ...run.environment, node: 'v24.0.0' } });
    expect(compareRuns(run, other).text).toContain('! The runs differ in node: v20.19.0 and v24.0.0');
  });

  it('shows a difference that exceeds the spread', () => {
    const run = exampleRun();
    const slower = {
      ...run,
      cells: run.cells.map((cell) => ({
        ...cell,
        blocks: cell.blocks.map((value) => value && value * 2),
        median: cell.median * 2,
      })),
    };
    const comparison = compareRuns(run, slower);
    expect(lineOf(comparison.text, '| dear hardened | server-cpu')).toMatch(/2\.00 \[2\.00, 2\.00\] \| 0\.0\d\d \| 5/);
    expect(comparison.regressions(50)).toContainEqual(
      expect.stringMatching(/^dear hardened: server-cpu-per-message saturated is worse by 100\.0%$/),
    );
    expect(comparison.regressions(150)).toEqual([]);
    expect(compareRuns(slower, run).regressions(0)).toEqual([]);
  });

  it('says what is in one run alone, and that a void cell is void', () => {
    const run = exampleRun();
    const without = { ...run, cells: run.cells.filter(({ strategy }) => strategy !== 'dear') };
    expect(compareRuns(run, without).text).toMatch(/^! \d cells are in A alone: .*parse-cost dear/);
    const voided = { ...run, cells: run.cells.map((cell) => ({ ...cell, void: 'not saturated' })) };
    expect(lineOf(compareRuns(run, voided).text, '| dear hardened | server-cpu')).toContain('| void |');
  });
});
