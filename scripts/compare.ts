import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareRows, compareRuns } from '../bench/compare.ts';
import { readRun } from '../bench/model/run-file.ts';
import { command, root, UsageError } from './command.ts';
import { publishedRun } from '../publish/published.ts';

const HELP = `Usage: npm run compare -- A B [OPTIONS]

Compares two runs, or two strategies of one run. Prints the conclusion, then
what differs: first what stays usable for longer or loses more, then what costs
more.

  A B                        two run files or their folders; or two strategies,
                             each as ID or ID/VARIANT (hardened by default)
  --all                      also print a table of everything that was compared
  --run RUN                  the run that the strategies are taken from
                             (default: the published run)
  --fail-on-regression PCT   exit with 1 if B is worse than A by more than PCT
                             percent, beyond the noise
  --help`;

await command(HELP, (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      run: { type: 'string' },
      'fail-on-regression': { type: 'string' },
    },
  });
  const [a, b, ...rest] = positionals;
  if (a === undefined || b === undefined || rest.length > 0)
    throw new UsageError('compare takes two names: npm run compare -- A B');
  const tolerated = percentOf(values['fail-on-regression']);
  const missing = [a, b].filter((name) => !existsSync(name));
  if (missing.length === 1 || missing.some((name) => name.endsWith('.json'))) {
    throw new UsageError(`There is no run at ${missing[0]}`);
  }
  const compared =
    missing.length === 0
      ? compareRuns(readRun(fileOf(a)), readRun(fileOf(b)))
      : compareRows(values.run === undefined ? publishedRun(root) : readRun(fileOf(values.run)), a, b);
  process.stdout.write(`${values.all ? compared.all : compared.text}\n`);
  if (tolerated === undefined) return;
  const regressions = compared.regressions(tolerated);
  for (const line of regressions) process.stderr.write(`${line}\n`);
  if (regressions.length > 0) process.exitCode = 1;
});

function percentOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const percent = Number(given);
  if (given.trim() !== '' && percent >= 0) return percent;
  throw new UsageError(`--fail-on-regression takes a percentage, got '${given}'`);
}

function fileOf(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'run.json') : path;
}
