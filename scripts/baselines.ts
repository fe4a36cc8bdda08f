import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Run, writeRun } from '../bench/model/run-file.ts';
import { UsageError } from './command.ts';

/** Where the baseline of this name is kept. @throws UsageError where the name is none, or nothing is there to be read */
export function baselineFile(root: string, name: string, toWrite = false): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,40}$/i.test(name)) throw new UsageError(`A baseline's name is a word, got '${name}'`);
  const file = join(root, 'results', 'baselines', name, 'run.json');
  if (toWrite || existsSync(file)) return file;
  throw new UsageError(`There is no baseline '${name}'; keep one with: npm run bench -- --save-baseline ${name}`);
}

export function saveBaseline(file: string, run: Run): void {
  mkdirSync(dirname(file), { recursive: true });
  writeRun(file, run);
}
