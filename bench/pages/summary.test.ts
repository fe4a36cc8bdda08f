import { describe, expect, it } from 'vitest';
import { readRun, type Run } from '../model/run-file.ts';
import { exampleRun } from '../../test/support/run.ts';
import { reportRun } from '../../test/support/report-run.ts';
import { summary } from './summary.ts';

const FOLDER = 'results/local/full';
const full = readRun('results/full/run.json');
const cellOf = (run: Run, strategy: string, metric: string) =>
  run.cells.find((cell) => cell.strategy === strategy && cell.metric === metric && cell.variant === 'hardened')!;

/** The published run with one figure of a hardened strategy replaced. */
const changed = (strategy: string, metric: string, median: number): Run => {
  const cell = cellOf(full, strategy, metric);
  return { ...full, cells: full.cells.map((one) => (one === cell ? { ...one, median } : one)) };
};

describe('the summary of a run', () => {
  it.each([
    ['the published run', full],
    ['the run of several nodes', readRun('results/nodes/run.json')],
    ['an example', exampleRun()],
    ['a run of every role', reportRun()],
    ['a run of nothing', reportRun({ cells: [] })],
    ['a run that failed', reportRun({ complete: false, failures: Array.from({ length: 40 }, () => 'x: y') })],
  ])('%s: some 25 lines of 80 columns, and no NaN', (_, run) => {
    const lines = summary(run, FOLDER).split('\n');
    expect(lines.length).toBeLessThanOrEqual(28);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('answers what to pick and what breaks, before anything else', () => {
    const text = summary(full, FOLDER);
    const lease = cellOf(full, 'connection-lease', 'lost-messages').median;
    expect(lease).toBe(0);
    expect(text.split('\n')[2]).toMatch(/^Pick .*connection-lease/);
    expect(text).toMatch(/ {2}session +(?:\d+ of \d+ connections ended for good|reconnects)/);
    expect(text).toMatch(/Still usable after expiry, sign-out.* as-published/);
  });

  it('picks no strategy that loses messages, nor one that goes on after its end', () => {
    const picked = (run: Run) => /^Pick (.*?):/ms.exec(summary(run, FOLDER))?.[1] ?? '';
    expect(picked(full)).toContain('connection-lease');
    expect(picked(changed('connection-lease', 'lost-messages', 3))).not.toContain('connection-lease');
    expect(picked(changed('connection-lease', 'accepted-after-expiry', 5000))).not.toContain('connection-lease');
    expect(summary(changed('connection-lease', 'accepted-after-expiry', 5000), FOLDER)).toMatch(
      /Still usable after expiry: connection-lease\./,
    );
  });

  it('says the noise floor, and that a smoke run chooses nothing', () => {
    expect(summary(full, FOLDER)).toMatch(/Noise floor: \d.*% for CPU per message/);
    const smoke = summary({ ...full, profile: 'smoke' }, FOLDER);
    expect(smoke).toMatch(/Do not choose by its\s+figures\./);
    expect(smoke).not.toMatch(/^Pick/m);
    expect(smoke).not.toContain('npm run publish');
  });

  it('says whether other processes had a part of the cores', () => {
    const withShare = (median: number) => {
      const cells = full.cells.map((cell) => (cell.metric.endsWith('-core-share') ? { ...cell, median } : cell));
      return summary({ ...full, cells }, FOLDER);
    };
    expect(withShare(80)).toMatch(/^The machine was busy: .* got 80\.0% and/m);
    expect(withShare(95)).not.toContain('busy:');
  });

  it('prints paths and commands that a shell reads back', () => {
    const text = summary(full, "my runs/it's full");
    expect(text).toContain(String.raw`Report: 'my runs/it'\''s full/report.html'`);
    expect(text).toContain(String.raw`npm run publish -- 'my runs/it'\''s full'`);
    const stopped = summary({ ...full, complete: false }, FOLDER);
    expect(stopped).toContain('NOT COMPLETE');
    expect(stopped).toContain(`npm run bench -- --resume --out ${FOLDER}`);
  });
});
