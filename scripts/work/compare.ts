import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareRows, compareRuns } from '../../bench/compare.ts';
import { readRun } from '../../bench/model/run-file.ts';
import { root, UsageError } from '../command.ts';
import { fileOf } from '../run-folders.ts';
import { publishedRun } from '../../publish/published.ts';

export function main(args: string[]): void {
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
}

function percentOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const percent = Number(given);
  if (given.trim() !== '' && percent >= 0) return percent;
  throw new UsageError(`--fail-on-regression takes a percentage, got '${given}'`);
}
