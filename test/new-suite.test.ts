import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, it, onTestFinished } from 'vitest';
import type * as htmlPage from '../bench/pages/html/render-html.ts';
import type * as detailsPage from '../bench/pages/details.ts';
import type * as registry from '../bench/suites/registry.ts';
import { copySuite } from '../scripts/copy-template.ts';
import { exampleRun } from './support/run.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A second `bench` inside this source tree, since the registry looks for folders beside itself. */
function sourceTree(): string {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const tree = mkdtempSync(join(root, '.tmp', 'new-suite-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  cpSync(join(root, 'bench'), join(tree, 'bench'), { recursive: true });
  for (const room of ['strategies', 'gateways', 'peers', 'harness']) symlinkSync(join(root, room), join(tree, room));
  return tree;
}

const importFrom = async (tree: string, path: string): Promise<unknown> => import(pathToFileURL(join(tree, path)).href);

describe('a new suite', () => {
  it('names the template nowhere', ({ expect }) => {
    const tree = sourceTree();
    const files = copySuite(tree, 'try-me');
    const texts = files.map((name) => readFileSync(join(tree, 'bench/suites/try-me', name), 'utf8')).join('\n');
    expect(files.toSorted()).toEqual(['index.ts', 'section.ts', 'try-me.test.ts']);
    expect(texts).not.toMatch(/template/i);
  });

  it('is found by its folder, and has its metric, its section and its chart in both reports', async ({ expect }) => {
    const tree = sourceTree();
    copySuite(tree, 'try-me');
    const { suites, metrics } = (await importFrom(tree, 'bench/suites/registry.ts')) as typeof registry;
    expect(suites.at(-1)).toMatchObject({ id: 'try-me', title: 'Try me' });
    expect(metrics.get('try-me-time')).toEqual({ unit: 'ms', better: 'lower' });
    const example = exampleRun();
    const cells = example.cells
      .filter(({ metric }) => metric === 'server-cpu-per-message')
      .map((cell) => ({ ...cell, suite: 'try-me', metric: 'try-me-time', unit: 'ms', params: {} }));
    const run = { ...example, cells: [...example.cells, ...cells] };
    const { renderDetails } = (await importFrom(tree, 'bench/pages/details.ts')) as typeof detailsPage;
    const { renderHtml } = (await importFrom(tree, 'bench/pages/html/render-html.ts')) as typeof htmlPage;
    const results = renderDetails(run);
    expect(results).toContain('\n## Try me\n');
    expect(results).toContain('(try-me.svg)');
    expect(results).toMatch(/\| dear \| hardened \| 105 ms \|/);
    expect(renderHtml(run, 'run.json')).toContain('Try me: time against the no-auth baseline');
  });

  it('is not added under an id that is taken, or that is none', ({ expect }) => {
    const tree = sourceTree();
    for (const id of ['churn', 'Churn', '', 'has space', '../up']) {
      expect(() => copySuite(tree, id)).toThrow(/^Cannot add a suite/);
    }
  });
});
