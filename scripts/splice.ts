import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verdictTable } from '../bench/report/verdict.ts';
import type { Run } from '../bench/run-file.ts';

const START = '<!-- results:start -->';
const END = '<!-- results:end -->';

/** README's text with the verdict table of `run` between its markers. */
export function spliced(readme: string, run: Run): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new TypeError(`Cannot splice README.md: it needs ${START} and ${END}`);
  return `${readme.slice(0, start + START.length)}\n\n${verdictTable(run)}\n\n${readme.slice(end)}`;
}

/** Puts the verdict table of `run` into the README at `root`, where there is one. */
export function spliceReadme(root: string, run: Run): void {
  const path = join(root, 'README.md');
  if (existsSync(path)) writeFileSync(path, spliced(readFileSync(path, 'utf8'), run));
}
