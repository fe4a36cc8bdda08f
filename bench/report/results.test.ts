import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
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

  it('says what to pick from the tiers, and why', () => {
    expect(text).toContain('By this run, Cheap (hardened) costs a message nothing that it can see');
    expect(text).toContain('- **More than three times as much**: Dear (hardened).');
  });

  it('says how loud the run is', () => {
    expect(text).toMatch(/its twin cost ~ \[0\.98\d?, 1\.0\d+\] of it: differences below x1\.0\d+ print `~`/);
    const { cells, ...run } = exampleRun();
    const silent = { ...run, cells: cells.filter(({ role }) => role !== 'twin') };
    expect(renderResults(silent, 'run.json')).toContain('the noise of this run is not known');
  });

  it('withholds its verdicts where the twins separate', () => {
    const run = exampleRun();
    const cells = run.cells.map((cell) => {
      const ratioOfTwin = { ...cell.ratio!, estimate: 1.1, ciLow: 1.09, ciHigh: 1.11, p: 0.0001 };
      return cell.role === 'twin' ? { ...cell, ratio: ratioOfTwin } : cell;
    });
    const withheld = renderResults({ ...run, cells }, 'run.json');
    expect(withheld).toContain('**Verdicts are withheld:**');
    expect(lineOf(withheld, '| Dear | hardened | acts')).toContain('| withheld |');
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
    const oneBlock = { estimate: 1.5, ciLow: null, ciHigh: null, p: null, n: 1, method: 't' } as const;
    expect(ratio(oneBlock)).toBe('1.50 (one block)');
    expect(amount({ ...exampleRun().cells[0]!, void: 'not saturated' })).toBe('void: not saturated');
    expect(amount({ ...exampleRun().cells[0]!, blocks: [1, null, 2] })).toMatch(/ \(2 of 3\)$/);
  });
});
