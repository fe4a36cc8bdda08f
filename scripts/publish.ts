import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { renderResults } from '../bench/report/results.ts';
import { type Run, writeRun } from '../bench/run-file.ts';
import { spliceReadme } from './splice.ts';

export interface Places {
  /** Where the run and what belongs to it go. */
  readonly folder: string;
  /** Where RESULTS.md goes. */
  readonly results: string;
  readonly root: string;
}

/** Writes a run with all that is rendered from it; answers where RESULTS.md is. */
export function publish(run: Run, { folder, results, root }: Places): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.json');
  writeRun(file, run);
  const resultsFile = join(results, 'RESULTS.md');
  writeFileSync(resultsFile, renderResults(run, relative(results, file)));
  if (results === root) spliceReadme(root, run);
  return resultsFile;
}
