import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
import { compareRows, compareRuns } from '../compare.ts';
import { amount, figure, ratio } from './format.ts';
import { renderResults } from './results.ts';
import { contestantsOf } from './rows.ts';
import { givesWay } from './verdict.ts';

const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('RESULTS.md', () => {
  const text = renderResults(exampleRun(), 'results/quick/run.json');

  it('says what is dearer with its interval, and `~` where the run cannot tell', () => {
    expect(lineOf(text, '| Dear')).toContain('5.00 [5.00, 5.00]');
    expect(lineOf(text, '| Cheap')).toContain('~ [1.00, 1.00]');
  });

  it('says where a row gives way, from its cells alone', () => {
    expect(lineOf(text, '| Dear')).toContain('acts after expiry, > 2000 ms');
    expect(lineOf(text, '| Cheap')).toContain('nowhere that this run looks');
  });

  it('names the command, the machine, the commit and the run that it was rendered from', () => {
    expect(text).toContain('npm run bench\n');
    expect(text).toContain('A CPU, 2 cores');
    expect(text).toContain('at commit aaaaaaaaaaaa.');
    expect(text).toContain('Rendered from results/quick/run.json;');
  });

  it('says so where a run is not complete or the tree was not clean', () => {
    const run = exampleRun({ complete: false });
    const dirty = renderResults({ ...run, environment: { ...run.environment, dirty: true } }, 'run.json');
    expect(dirty).toContain('This run is not complete');
    expect(dirty).toContain('with uncommitted changes');
  });

  it('follows the figures: other cells, another verdict', () => {
    const run = exampleRun();
    const [row] = contestantsOf({
      ...run,
      cells: run.cells.map(({ censored: _, ...cell }) => (cell.suite === 'expiry' ? { ...cell, median: 300 } : cell)),
    });
    expect(givesWay(row!)).toBe('acts after expiry, for 300 ms');
  });
});

describe('figures', () => {
  it('have three significant digits', () => {
    expect([0, 0.0123, 1.2345, 12.345, 1234.5].map(figure)).toEqual(['0', '0.012', '1.23', '12.3', '1235']);
  });

  it('are never bare: one block says so, a void cell says why', () => {
    expect(ratio({ estimate: 1.5, ciLow: null, ciHigh: null })).toBe('1.50 (one block)');
    expect(amount({ ...exampleRun().cells[0]!, void: 'not saturated' })).toBe('void: not saturated');
  });
});

describe('compare', () => {
  it('sets two strategies of a run side by side', () => {
    const text = compareRows(exampleRun(), 'cheap', 'dear/hardened');
    expect(lineOf(text, '| parse-cost')).toContain('5.00 [5.00, 5.00]');
    expect(() => compareRows(exampleRun(), 'cheap', 'nobody')).toThrow(
      'there are: _open-door/hardened, cheap/hardened',
    );
  });

  it('finds no difference between a run and itself, and says where environments differ', () => {
    const run = exampleRun();
    expect(compareRuns(run, run)).not.toMatch(/\d \[/);
    const other = exampleRun({ environment: { ...run.environment, node: 'v24.0.0' } });
    expect(compareRuns(run, other)).toContain('! The runs differ in node: v20.19.0 and v24.0.0');
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
    expect(lineOf(compareRuns(run, slower), '| dear hardened | server-cpu')).toMatch(/2\.00 \[1\.\d+, 2\.\d+\]/);
  });
});
