import { describe, expect, it } from 'vitest';
import { reportRun } from '../../test/support/report-run.ts';
import { exampleRun } from '../../test/support/run.ts';
import { amount, duration, figure, ratio, table } from '../report/format.ts';
import { renderResults } from './results.ts';
import type { Cell, Ratio, Run } from '../model/run-file.ts';
import { costGroups } from './tiers.ts';
import { strategyRowsOf } from '../report/rows.ts';
import { leakText } from '../report/leaks.ts';

const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('RESULTS.md', () => {
  const text = renderResults(exampleRun(), 'results/quick/run.json');
  const costOf = (id: string) => lineOf(text.split('## What it costs')[1]!, `| \`${id}\` (hardened)`);

  it('says what is dearer with its interval, and where it found no difference', () => {
    expect(costOf('dear')).toContain('5.00 [5.00, 5.00], adds ');
    expect(costOf('cheap')).toContain('| no difference found (+0.0% to +0.0%) |');
  });

  it('says what stays usable after its end, from the cells alone', () => {
    expect(lineOf(text, '| `dear` (hardened)')).toContain('| goes on: acts |');
    expect(lineOf(text, '| `cheap` (hardened)')).toContain('| ends at once |');
  });

  it('names the command, the machine, the commit and the run that it was rendered from', () => {
    expect(text).toContain('npm run bench\n');
    expect(text).toContain('A CPU, 2 cores');
    expect(lineOf(text, '| Node')).toBe('| Node | v20.19.0 --max-semi-space-size=16 |');
    expect(lineOf(text, '| Pinned')).toBe('| Pinned | no |');
    expect(renderResults(reportRun(), 'run.json')).toContain('the generator to core 0, servers to core 1');
    expect(text).toContain('at commit aaaaaaaaaaaa.');
    expect(text).toContain('Rendered from results/quick/run.json;');
  });

  it('says so where a run is not complete or the tree was not clean', () => {
    const run = exampleRun({ complete: false });
    const dirty = renderResults({ ...run, environment: { ...run.environment, dirty: true } }, 'run.json');
    expect(dirty).toContain('This run is not complete');
    expect(dirty).toContain('with uncommitted changes');
  });

  it('says what not to pick, and groups the rest by cost', () => {
    expect(text).toContain('- **Do not pick `dear` (hardened).** Each goes on after expiry.');
    expect(text).toContain('- **More than three times as much**: `dear` (hardened).');
  });

  it('says how loud the run is', () => {
    expect(text).toMatch(/They differed by at most \+\d\.\d% of CPU per message/);
    const { cells, ...run } = exampleRun();
    const silent = { ...run, cells: cells.filter(({ role }) => role !== 'twin') };
    expect(renderResults(silent, 'run.json')).toContain('so the noise of this run is not known');
  });

  it('withholds its verdicts where the twins separate', () => {
    const run = exampleRun();
    const cells = run.cells.map((cell) => {
      const ratioOfTwin = { ...cell.ratio!, estimate: 1.1, ciLow: 1.09, ciHigh: 1.11, p: 0.0001 };
      return cell.role === 'twin' ? { ...cell, ratio: ratioOfTwin } : cell;
    });
    const withheld = renderResults({ ...run, cells }, 'run.json');
    expect(withheld).toContain('**Costs are not compared:**');
    expect(withheld).toMatch(/^\| `dear` \(hardened\) \| withheld \|/m);
  });

  const change = (role: Cell['role'], to: Partial<Ratio>, of: Partial<Run> = {}) => {
    const { cells, ...run } = exampleRun(of);
    const changed = cells.map((cell) =>
      cell.role === role && cell.ratio ? { ...cell, ratio: { ...cell.ratio, ...to } } : cell,
    );
    return costGroups({ ...run, cells: changed });
  };

  it('bounds what it cannot tell, and never calls that cheap', () => {
    const picked = change('strategy', { estimate: 1.1, ciLow: 0.7, ciHigh: 1.7, p: 0.4 });
    expect(picked).toContain('- **No difference found, at most +70%**: `cheap` (hardened), `dear`');
    expect(picked).not.toContain('10%');
  });

  it.each([
    ['a profile that claims nothing', change('strategy', {}, { profile: 'smoke' })],
    ['one block', change('strategy', { n: 1, ciLow: null, ciHigh: null, p: null })],
    ['a twin of one block', change('twin', { n: 1, ciLow: null, ciHigh: null, p: null })],
    [
      'no message load',
      costGroups(exampleRun({ cells: exampleRun().cells.filter(({ suite }) => suite === 'expiry') })),
    ],
    ['five blocks', change('strategy', { n: 5, ciLow: null, ciHigh: null, p: 0.06 })],
  ])('picks nothing from %s, and says why', (_, picked) => {
    expect(picked).toMatch(/^\*\*Costs are not compared:\*\* [^\n]+\.$/);
  });

  it('prints what went wrong, and no heading where nothing did', () => {
    const failed = { ...exampleRun(), failures: ['dear (hardened):\nEADDRINUSE'] };
    expect(renderResults(failed, 'run.json')).toContain('## What went wrong\n\n- dear (hardened): EADDRINUSE\n');
    expect(text).not.toContain('What went wrong');
  });

  it('holds for nothing what was looked at in vain', () => {
    const { cells, ...run } = exampleRun();
    const voided = cells.map((cell) => (cell.suite === 'expiry' ? { ...cell, median: 0, void: 'no probe' } : cell));
    expect(leakText(strategyRowsOf({ ...run, cells: voided })[0]!)).toMatch(/^acts after expiry: void: no probe; /);
  });

  it('follows the figures: other cells, another verdict', () => {
    const run = exampleRun();
    const [row] = strategyRowsOf({
      ...run,
      cells: run.cells.map(({ censored: _, ...cell }) => (cell.suite === 'expiry' ? { ...cell, median: 300 } : cell)),
    });
    expect(leakText(row!)).toMatch(/^acts after expiry for 300 ms; /);
  });
});

describe('figures', () => {
  it('have three significant digits', () => {
    expect([0, 0.0123, 1.2345, 12.345, 1234.5].map(figure)).toEqual(['0', '0.012', '1.23', '12.3', '1235']);
  });

  it('are in a unit that suits them where they are times', () => {
    const told = [5, 999.4, 1000, 300_000, 90_000, 3_600_000, 2_592_000_000].map(duration);
    expect(told).toEqual(['5 ms', '999 ms', '1 s', '5 minutes', '1.5 minutes', '1 hour', '30 days']);
  });

  it('stay in their cell of a table, whatever they hold', () => {
    expect(table(['What'], [['a|b\n| c']])).toBe('| What |\n| :-- |\n| a\\|b \\| c |');
  });

  it('are never bare: one without an interval says so, a void cell says why', () => {
    const oneBlock = { estimate: 1.5, ciLow: null, ciHigh: null, p: null, n: 1 };
    expect(ratio(oneBlock, 'no difference found')).toBe('1.50 (no interval)');
    expect(amount({ ...exampleRun().cells[0]!, void: 'not saturated' })).toBe('void: not saturated');
    expect(amount({ ...exampleRun().cells[0]!, blocks: [1, null, 2] })).toMatch(/ \(2 of 3\)$/);
  });
});
