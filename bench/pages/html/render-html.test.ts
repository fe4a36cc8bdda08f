import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportRun } from '../../../test/support/report-run.ts';
import type { Role, Run } from '../../model/run-file.ts';
import { renderResults } from '../results.ts';
import { renderHtml } from './render-html.ts';

const hostile = '</script><img src=x onerror=alert(1)>';
const page = renderHtml(reportRun(), 'results/full/run.json');

describe('the page', () => {
  it('asks nothing of the network, and lets nothing run but what it was rendered with', () => {
    const sha = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toContain("default-src 'none'");
    for (const [, text] of page.matchAll(/<style>(.*?)<\/style>/gs)) expect(policy).toContain(sha(text!));
    for (const [, text] of page.matchAll(/<script type="module">(.*?)<\/script>/gs))
      expect(policy).toContain(sha(text!));
    expect(page).not.toMatch(/ (src|on\w+|style)="|url\(|@import/);
    expect(page.match(/https?:\/\/[^"\s]+/g)?.filter((url) => url !== 'http://www.w3.org/2000/svg') ?? []).toEqual([]);
  });

  it('takes whatever a run holds as text', () => {
    const run = reportRun();
    const entries = Object.fromEntries(
      Object.entries(run.entries).map(([id, entry]) => [id, { ...entry, title: hostile, summary: hostile }]),
    );
    const cells = run.cells.map((cell) => ({
      ...cell,
      void: hostile,
      voided: [hostile],
      params: { [hostile]: hostile },
    }));
    const changed = { ...run, entries, cells, command: hostile, profile: hostile };
    const text = renderHtml(changed, hostile);
    expect(text).not.toContain('<img');
    // The page's script, and the block of data.
    expect(text.split('</script>')).toHaveLength(3);
  });

  it('prints a bound for what had not ended, that no difference was found below the noise floor, and why a cell is void', () => {
    expect(page).toContain('> 2002 ms');
    expect(page).toContain('no difference found. The 95% interval runs from -3.1% to +8.1%.');
    expect(page).toContain('void: the server was not saturated');
  });

  it('gives the verdict that RESULTS.md gives, corrected and withheld alike', () => {
    const run = reportRun();
    const change = (role: Role, p: number): Run => ({
      ...run,
      cells: run.cells.map((cell) =>
        cell.role === role && cell.ratio ? { ...cell, ratio: { ...cell.ratio, p } } : cell,
      ),
    });
    const expected = [
      [run, '5.32 [5.05, 5.64]'],
      [change('strategy', 0.02), 'no difference found (+405% to +464%)'],
      [change('twin', 0.001), 'withheld'],
    ] as const;
    for (const [of, told] of expected) {
      expect(renderHtml(of, 'run.json')).toContain(`"${told}"`);
      expect(renderResults(of, 'run.json')).toContain(`| ${told}`);
    }
  });

  it('answers first, before any fact about the machine', () => {
    expect(page.indexOf('class="answer"')).toBeLessThan(page.indexOf('AMD EPYC'));
    expect(page.indexOf('class="answer"')).toBeLessThan(page.indexOf('id="consequences"'));
    expect(page).toContain('id="row-session-hardened"');
  });

  it('says who was measured, and in what a peer behaves differently', () => {
    expect(page).toContain('What nest-jwt-guard does');
    expect(page).toContain('<li>Verifies no origin</li>');
  });

  it('names the command, the machine, the noise floor and the run', () => {
    for (const fact of [
      'npm run bench -- --profile full',
      'AMD EPYC, 2 cores',
      '0.934 to 1.071',
      'results/full/run.json',
    ]) {
      expect(page).toContain(fact);
    }
  });

  it('withholds what a message costs where the no-auth baseline and its twin differ', () => {
    const run = reportRun();
    const cells = run.cells.map((cell) =>
      cell.role === 'twin' && cell.ratio
        ? { ...cell, ratio: { ...cell.ratio, p: 0.001, ciLow: 1.02, ciHigh: 1.1 } }
        : cell,
    );
    expect(renderHtml({ ...run, cells }, 'run.json')).toContain('The no-auth baseline and its twin differ');
    expect(page).not.toContain('The no-auth baseline and its twin differ');
  });

  it('stands up to a run of one block, and to one without cells', () => {
    const run = reportRun();
    const cells = run.cells.map((cell) => ({
      ...cell,
      ciLow: null,
      ciHigh: null,
      ratio: cell.ratio && { ...cell.ratio, ciLow: null, ciHigh: null, p: null, n: 1 },
      added: cell.added && { ...cell.added, ciLow: null, ciHigh: null },
    }));
    expect(renderHtml({ ...run, cells }, 'run.json')).toContain(
      '5.32 times the no-auth baseline, without an interval.',
    );
    expect(renderHtml(reportRun({ cells: [], timelines: [] }), 'run.json')).toMatch(
      /This run measured no strategy.*This run measured no costs/s,
    );
  });
});
