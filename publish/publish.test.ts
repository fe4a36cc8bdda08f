import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRun, type Run } from '../bench/model/run-file.ts';
import { reportRun } from '../test/support/report-run.ts';
import { rebased } from './links.ts';
import { kindOf, publishRun, writePages } from './publish.ts';
import { publishedAt, publishedRun } from './published.ts';

/** An empty project. */
function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'publish-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

const linksOf = (page: string): string[] =>
  [...page.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s#]+)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/.test(link));

describe('links', () => {
  it.each([
    ['[how](METHODOLOGY.md)', 'results/nodes', '[how](../../METHODOLOGY.md)'],
    ['![a](results/local/quick/a.svg)', 'results/local/quick', '![a](a.svg)'],
    ['[b](README.md#use-it)', 'results/full', '[b](../../README.md#use-it)'],
    ['<source srcset="results/full/a.svg">', 'results/full', '<source srcset="a.svg">'],
    ['[c](https://example.org/x) [d](#noise)', 'results/full', '[c](https://example.org/x) [d](#noise)'],
    ['[d](METHODOLOGY.md)', '../elsewhere', '[d](../lab/METHODOLOGY.md)'],
  ])('%s from %s is %s', (page, folder, moved) =>
    expect(rebased(page, posix.join('/lab', folder), '/lab')).toBe(moved),
  );
});

describe('the pages of a run', () => {
  it.each(['results/local/quick', '../elsewhere'])('in %s: every link leads to a file', (place) => {
    const above = project();
    const [root, folder] = [join(above, 'lab'), join(above, 'lab', place)];
    mkdirSync(folder, { recursive: true });
    writePages(root, folder, reportRun());
    const page = readFileSync(join(folder, 'RESULTS.md'), 'utf8');
    const links = linksOf(page);
    expect(links.length).toBeGreaterThan(2);
    const own = links.map((link) => join(folder, link)).filter((path) => !existsSync(path));
    // Every other link leads to a file of the repository.
    const below = own.map((path) => relative(root, path));
    expect(below.filter((path) => path.startsWith('..') || !existsSync(join(process.cwd(), path)))).toEqual([]);
    expect(existsSync(join(root, 'RESULTS.md'))).toBe(false);
    expect(existsSync(join(root, 'results/published.json'))).toBe(false);
  });

  it('are published from a local run into a folder of their own', async () => {
    const root = project();
    expect(await publishRun(root, reportRun())).toBe(join('results', 'full'));
    expect(publishedAt(root).run).toBe('results/full/run.json');
    expect(readRun(join(root, 'results/full/run.json')).profile).toBe('full');
    const suite = reportRun({ narrowed: { strategy: null, suite: 'churn' } });
    expect(await publishRun(root, suite)).toBe(join('results', 'churn'));
    expect(publishedAt(root)).toMatchObject({ run: 'results/full/run.json', others: ['results/churn/run.json'] });
  });

  it.each([
    ['not complete', { complete: false }, 'it is not complete'],
    ['of one strategy', { narrowed: { strategy: 'session', suite: null } }, 'it measured session alone'],
    ['of smoke', { profile: 'smoke' }, 'the profile smoke only proves that everything runs'],
  ])('are not published from a run that is %s', async (_, change, why) => {
    const root = project();
    await expect(publishRun(root, reportRun(change))).rejects.toThrow(`Cannot publish this run: ${why}`);
    expect(existsSync(join(root, 'results'))).toBe(false);
  });

  it('of several nodes are published as such', () => {
    expect(kindOf({ profile: 'nodes', narrowed: { strategy: null, suite: null } })).toBe('nodes');
  });
});

describe('the published run', () => {
  const later = '2099-01-01T00:00:00.000Z';
  const alone = (suite: string): Run => {
    const run = reportRun({ narrowed: { strategy: null, suite }, startedAt: later });
    return { ...run, cells: run.cells.filter((cell) => cell.suite === suite).map((cell) => ({ ...cell, median: 77 })) };
  };
  const medians = (root: string, suite: string) =>
    new Set(
      publishedRun(root)
        .cells.filter((cell) => cell.suite === suite)
        .map(({ median }) => median),
    );

  it('has the figures of a suite that was measured again alone, later', async () => {
    const root = project();
    await publishRun(root, reportRun());
    expect(medians(root, 'expiry')).not.toEqual(new Set([77]));
    await publishRun(root, alone('expiry'));
    expect(medians(root, 'expiry')).toEqual(new Set([77]));
  });

  it('has newer costs together with their own baseline, and no others: they are compared within one run', async () => {
    const root = project();
    await publishRun(root, reportRun());
    const { cells, ...costs } = alone('parse-cost');
    await publishRun(root, { ...costs, cells: cells.filter(({ role }) => role !== 'baseline') });
    expect(medians(root, 'parse-cost')).not.toContain(77);
    await publishRun(root, { ...costs, cells });
    expect(medians(root, 'parse-cost')).toEqual(new Set([77]));
  });

  it('keeps its own figures where the other run is of another profile', async () => {
    const root = project();
    await publishRun(root, reportRun());
    await publishRun(root, { ...alone('expiry'), profile: 'quick' });
    expect(medians(root, 'expiry')).not.toContain(77);
  });

  it('keeps its own figures where the other run is older', async () => {
    const root = project();
    await publishRun(root, reportRun());
    await publishRun(root, { ...alone('expiry'), startedAt: '2000-01-01T00:00:00.000Z' });
    expect(medians(root, 'expiry')).not.toContain(77);
  });
});
