import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareRows, compareRuns } from '../bench/compare.ts';
import { readRun } from '../bench/run-file.ts';
import { command, root, UsageError } from './command.ts';

const HELP = `Usage: npm run compare -- A B [--run DIR]

Sets two runs side by side, or two strategies of one run, and says which differences exceed the spread (\`~\`: not).

  A B         two run files or their folders; or two strategies, each as ID or ID/VARIANT (hardened by default)
  --run DIR   the run that the strategies are taken from (default results/quick)
  --help`;

await command(HELP, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { run: { type: 'string', default: join(root, 'results', 'quick') } },
  });
  const [a, b, ...rest] = positionals;
  if (a === undefined || b === undefined || rest.length > 0)
    throw new UsageError('Compare takes two names: npm run compare -- A B');
  const [there, missing] = [[a, b].filter((name) => existsSync(name)), [a, b].find((name) => !existsSync(name))];
  const areRuns = there.length === 2;
  if (there.length === 1 || missing?.endsWith('.json')) throw new UsageError(`There is no run at ${missing}`);
  const text = areRuns
    ? compareRuns(readRun(fileOf(a)), readRun(fileOf(b)))
    : compareRows(readRun(fileOf(values.run)), a, b);
  process.stdout.write(`${text}\n`);
});

function fileOf(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'run.json') : path;
}
