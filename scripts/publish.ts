import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { chartsOf } from '../bench/report/charts/charts-of.ts';
import { renderHtml } from '../bench/report/html/render-html.ts';
import { renderResults } from '../bench/report/results.ts';
import { type Run, writeRun } from '../bench/run-file.ts';
import { UsageError } from './command.ts';
import { spliceReadme } from './splice.ts';

export interface Places {
  /** Where the run and what belongs to it go. */
  readonly folder: string;
  /** Where RESULTS.md goes. */
  readonly results: string;
  readonly root: string;
}

/** All that is rendered from a run, by where it goes; `path` is where the run is, as RESULTS.md would find it. */
export function renderings(run: Run, path: string): Record<string, string> {
  const folder = dirname(path);
  const charts = chartsOf(run).map(({ file, svg }) => [join(folder, file), svg]);
  return {
    'RESULTS.md': renderResults(run, path),
    [join(folder, 'report.html')]: renderHtml(run, 'run.json'),
    ...(Object.fromEntries(charts) as Record<string, string>),
  };
}

/** The path of the run that RESULTS.md at `root` was rendered from. @throws UsageError where there is none */
export function publishedRun(root: string): string {
  const file = join(root, 'RESULTS.md');
  const source = existsSync(file) ? /Rendered from (\S+);/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  if (source === undefined) throw new UsageError('RESULTS.md names no run; write it with: npm run bench');
  return source;
}

/** Writes a run with all that is rendered from it; answers where RESULTS.md is. */
export function publish(run: Run, { folder, results, root }: Places): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.json');
  writeRun(file, run);
  const resultsFile = join(results, 'RESULTS.md');
  for (const [path, text] of Object.entries(renderings(run, relative(results, file)))) {
    writeFileSync(join(results, path), text);
  }
  if (results === root) spliceReadme(root, run);
  return resultsFile;
}
