import { describe, expect, it } from 'vitest';
import { exampleRun } from '../test/support/run.ts';
import { compareRows, compareRuns } from './compare.ts';
import type { Cell, Run } from './model/run-file.ts';

const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

const changed = (run: Run, metric: Cell['metric'], change: (cell: Cell) => Partial<Cell>): Run => ({
  ...run,
  cells: run.cells.map((cell) =>
    cell.metric === metric && cell.role === 'strategy' ? { ...cell, ...change(cell) } : cell,
  ),
});

const multiplied = (values: Cell['blocks'], times: number) => values.map((value) => value && value * times);

/** All that was measured takes so many times as long, and the no-auth baseline too. */
const slowed =
  (times: number) =>
  ({ median, blocks, addeds }: Cell): Partial<Cell> => ({
    median: median * times,
    blocks: multiplied(blocks, times),
    addeds: addeds && multiplied(addeds, times),
  });

/** Each cell takes so many times as long, and the no-auth baseline as long as before. */
const dearer = (run: Run, times: number): Run => ({
  ...run,
  cells: run.cells.map((cell) => ({
    ...cell,
    median: cell.median * times,
    blocks: multiplied(cell.blocks, times),
    ratios: cell.ratios && multiplied(cell.ratios, times),
  })),
});

describe('a regression', () => {
  const run = exampleRun();
  const regressions = (other: Run): string[] => compareRuns(run, other).regressions(10);

  it('is no slower hour: the no-auth baseline was slower beside it', () => {
    const slower = changed(run, 'server-cpu-per-message', slowed(2));
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

describe('the conclusion', () => {
  const run = exampleRun();
  const textOf = (other: Run): string => compareRuns(run, other).text;

  it('comes first, and says where nothing differs', () => {
    expect(textOf(run)).toMatch(/^No difference found between run A and run B in \d+ measures?\./);
    expect(textOf({ ...run, cells: [] })).toMatch(/^There is no measure in common: run A, run B\./);
  });

  it('puts a leak before a cost, and shows no row that does not differ', () => {
    const other = changed(dearer(run, 2), 'accepted-after-expiry', ({ median }) => ({ median: median + 500 }));
    const lines = textOf(other).split('\n');
    expect(textOf(other)).toMatch(/^Compared with run A, run B stays usable for longer after its end in \d/);
    const rows = lines.filter((line) => line.startsWith('- '));
    expect(rows[0]).toMatch(/^- less safe: .*accepted-after-expiry/);
    expect(rows.some((line) => line.startsWith('- worse: dear hardened, server-cpu-per-message'))).toBe(true);
    expect(rows.some((line) => /same|untested/.test(line))).toBe(false);
  });

  it('prints no NaN for zero, void, censored and missing figures', () => {
    const odd: Partial<Cell>[] = [
      { median: 0, blocks: [0, 0], ratios: null, addeds: null, ratio: null },
      { void: 'it answered nobody' },
      { censored: true },
      { blocks: [], ratios: [], ratio: null },
      { blocks: [null, null], ratios: [null, null] },
    ];
    for (const [a, b] of odd.flatMap((one) => [...odd, {}].map((other) => [one, other] as const))) {
      const changedTo = (change: Partial<Cell>): Run => ({
        ...run,
        cells: run.cells.map((cell) => (cell.role === 'strategy' ? { ...cell, ...change } : cell)),
      });
      expect(compareRuns(changedTo(a), changedTo(b)).all).not.toMatch(/NaN|Infinity|undefined/);
      expect(compareRows(changedTo(a), 'cheap', 'dear').all).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});

describe('compare', () => {
  it('sets two strategies of a run side by side', () => {
    const { all: text } = compareRows(exampleRun(), 'cheap', 'dear/hardened');
    expect(lineOf(text, '| parse-cost')).toContain('5.00 [5.00, 5.00]');
    expect(() => compareRows(exampleRun(), 'cheap', 'nobody')).toThrow(
      'there are: _no-auth/hardened, _twin, cheap/hardened',
    );
  });

  it('finds no difference between a run and itself, and says where environments differ', () => {
    const run = exampleRun();
    expect(compareRuns(run, run).all).not.toMatch(/\d \[/);
    expect(compareRuns(run, run).regressions(0)).toEqual([]);
    const other = exampleRun({ environment: { ...run.environment, node: 'v24.0.0' } });
    expect(compareRuns(run, other).text).toContain('! The runs differ in node: v20.19.0 and v24.0.0');
    const pinned = exampleRun({ environment: { ...run.environment, flags: [], pinned: { generator: 0, servers: 1 } } });
    expect(compareRuns(run, pinned).text).toMatch(/differ in flags: .* and \[\]\n! .* pinned: null and .*"servers":1/);
  });

  it('shows a difference that exceeds the spread', () => {
    const run = exampleRun();
    const slower = dearer(run, 2);
    const comparison = compareRuns(run, slower);
    expect(lineOf(comparison.all, '| dear hardened | server-cpu')).toMatch(/2\.00 \[2\.00, 2\.00\] \| 0\.000 \| 8/);
    expect(comparison.regressions(50)).toContainEqual(
      expect.stringMatching(/^dear hardened: server-cpu-per-message saturated is worse by 100(?:\.0)?%$/),
    );
    expect(comparison.regressions(150)).toEqual([]);
    expect(compareRuns(slower, run).regressions(0)).toEqual([]);
  });

  it('compares the bare figures where one of two was not beside the no-auth baseline, and pairs in any other case', () => {
    const bare = (of: Run): Run => ({ ...of, cells: of.cells.map((cell) => ({ ...cell, ratios: null })) });
    const run = exampleRun();
    const dear = (a: Run, b: Run) => lineOf(compareRuns(a, b).all, '| dear hardened | server-cpu');
    expect(dear(run, bare(dearer(run, 2)))).toMatch(/2\.00 \[1\.\d+, 2\.\d+\]/);
    expect(dear(run, dearer(run, 2))).toContain('2.00 [2.00, 2.00]');
    const [rows] = compareRows(bare(run), 'cheap', 'dear')
      .all.split('\n')
      .filter((line) => line.startsWith('|') && line.includes('5.00 ['));
    expect(rows).toContain('5.00 [5.00, 5.00] | 0.008 | 8 |');
  });

  it('says that there is no interval where blocks are too few for one', () => {
    const run = exampleRun();
    const few = {
      ...run,
      cells: run.cells.map((cell) => ({ ...cell, ratios: cell.ratios && cell.ratios.slice(0, 2) })),
    };
    expect(lineOf(compareRuns(few, few).all, '| dear hardened | server-cpu')).toContain(
      '| 1.00 (no interval) |  | 2 |',
    );
  });

  it('says what is in one run alone, and that a void cell is void', () => {
    const run = exampleRun();
    const without = { ...run, cells: run.cells.filter(({ strategy }) => strategy !== 'dear') };
    expect(compareRuns(run, without).text).toMatch(/^! \d cells are in A alone: .*parse-cost dear/m);
    const voided = { ...run, cells: run.cells.map((cell) => ({ ...cell, void: 'not saturated' })) };
    expect(lineOf(compareRuns(run, voided).all, '| dear hardened | server-cpu')).toContain('| void |');
  });
});
