import { describe, expect, it } from 'vitest';
import { reportRun } from '../../test/support/report-run.ts';
import { exampleRun } from '../../test/support/run.ts';
import type { MetricName } from '../model/metrics.ts';
import { metrics } from '../suites/registry.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { renderHtml } from './html/render-html.ts';
import { noiseSection, stampsOf } from './noise-section.ts';
import { costGroups } from './tiers.ts';

const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

/** The example, whose rows have a figure of their processes each: of the no-auth baseline, its twin, `cheap` and `dear`. */
function watched(metric: MetricName, ...medians: [number, number, number, number]): Run {
  const run = exampleRun();
  const rows = run.cells.filter((cell) => cell.metric === 'server-cpu-per-message');
  const added = rows.map((row, index): Cell => {
    const median = medians[index]!;
    return { ...row, metric, ...metrics.get(metric)!, median, blocks: [median], ratio: null, added: null };
  });
  return { ...run, cells: [...run.cells, ...added] };
}

describe('the processes', () => {
  it.each([
    ['young-generation', [32, 32, 8, 32], '| young generation | 32.0 MiB | 8.00 MiB | cheap (hardened) |'],
    [
      'scavenges-per-megabyte',
      [0.03, 0.04, 0.03, 0.5],
      '| scavenges per MB allocated | 0.030 | 0.500 | dear (hardened) |',
    ],
    ['messages-per-event', [5, 4.5, 5, 5], '| messages per read of a socket | 5.00 | 4.50 | _twin (twin) |'],
    [
      'messages-per-loop',
      [40, 40, 40, 12],
      '| messages per iteration of the event loop | 40.0 | 12.0 | dear (hardened) |',
    ],
    [
      'server-core-share',
      [99, 98, 97, 99],
      "| a server's share of its core while it had work | 99.0 % | 97.0 % | cheap (hardened) |",
    ],
    [
      'generator-core-share',
      [92, 99, 99, 99],
      "| the generator's share of its core | 92.0 % | 92.0 % | _no-auth (hardened) |",
    ],
  ] as const)('have their %s told, the no-auth baseline and the worst of all rows', (metric, medians, line) => {
    const text = noiseSection(watched(metric, ...(medians as unknown as [number, number, number, number])));
    expect(text).toContain('The processes, at saturation:\n\n| Figure | No-auth baseline | Worst | Of |');
    expect(text).toContain(line);
  });

  it('have no table where none was watched, and none of rows that are void', () => {
    expect(noiseSection(exampleRun())).not.toContain('The processes');
    const run = watched('young-generation', 32, 32, 32, 32);
    const voided = run.cells.map((cell) => (cell.metric === 'young-generation' ? { ...cell, void: 'no' } : cell));
    expect(noiseSection({ ...run, cells: voided })).not.toContain('The processes');
  });

  it('have the reason told why the no-auth baseline has no figure, and the worst of the others', () => {
    const run = watched('young-generation', 4, 32, 32, 16);
    const cells = run.cells.map((cell) =>
      cell.metric === 'young-generation' && cell.role === 'baseline' ? { ...cell, void: 'not saturated' } : cell,
    );
    expect(noiseSection({ ...run, cells })).toContain(
      '| young generation | void: not saturated | 16.0 MiB | dear (hardened) |',
    );
  });

  it('are told where there is no twin, too', () => {
    const run = watched('young-generation', 32, 32, 32, 32);
    const alone = { ...run, cells: run.cells.filter(({ role }) => role !== 'twin') };
    expect(noiseSection(alone)).toMatch(/noise of this run is not known\.\n\nThe processes/);
  });
});

describe('a busy machine', () => {
  const busy = 'The machine was busy: ';

  it.each(['server-core-share', 'generator-core-share'] as const)('shows in the median %s of all rows', (metric) => {
    expect(stampsOf(watched(metric, 95, 89.9, 89.9, 20)).join()).toContain(busy);
    // One row that was disturbed is none.
    expect(stampsOf(watched(metric, 95, 91, 90, 20)).join()).not.toContain(busy);
  });

  it('says what each side got, in both pages', () => {
    const server = watched('server-core-share', 80, 80, 80, 80);
    const run = { ...server, cells: [...server.cells, ...watched('generator-core-share', 99, 99, 99, 99).cells] };
    const stamp = `${busy}of a core, servers with work to do got 80.0% and the generator got 99.0%, where 90% is enough.`;
    expect(noiseSection(run)).toContain(`**${stamp}`);
    expect(renderHtml(run, 'run.json')).toContain(`<li>${stamp}`);
  });

  it('is not told of a run that did not look', () => {
    expect(stampsOf(exampleRun()).join()).not.toContain('busy');
  });
});

describe('the interval', () => {
  it('is named in plain words, with how many blocks it takes', () => {
    const text = noiseSection(reportRun());
    expect(text).toContain("(Hodges and Lehmann), and its interval is that of Wilcoxon's signed ranks.");
    expect(text).toContain('8 comparisons of what a message costs the strategies, for which it takes 9 blocks');
    expect(text).not.toMatch(/Student/);
  });

  it('takes more blocks than a run may have: then it says so, and picks nothing', () => {
    const { cells, ...run } = reportRun();
    const of = (n: number): Run => ({
      ...run,
      cells: cells.map((cell) => ({ ...cell, ratio: cell.ratio && { ...cell.ratio, n } })),
    });
    expect(stampsOf(of(8))).toContain('Too few blocks: to find a difference among 8 takes 9, and this run has 8.');
    expect(costGroups(of(8))).toBe(
      '**Costs are not compared:** to find a difference among 8 strategies takes 9 blocks, and this run has 8.',
    );
    expect(stampsOf(of(9)).join()).not.toContain('Too few blocks');
    expect(costGroups(of(9))).not.toContain('not compared');
  });
});

it('what each row was sure to be told at has the half-width of its interval beside it', () => {
  expect(lineOf(noiseSection(exampleRun()), '| cheap')).toMatch(
    /^\| cheap \| hardened \| x1\.\d+ \(x1\.00\) \| {2}\|$/,
  );
});
