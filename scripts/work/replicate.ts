import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRun } from '../../bench/model/run-file.ts';
import { verdictsOf } from '../../claims/index.ts';
import { readClaims } from '../../claims/record.ts';
import { agreement, agreementText } from '../../claims/replicate.ts';
import { LOCAL } from '../../publish/publish.ts';
import { root, UsageError } from '../command.ts';

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { with: { type: 'string' }, all: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1)
    throw new UsageError('replicate takes one folder, such as results/full');
  const recorded = { run: readRun(fileIn(folder, 'run.json')), claims: readClaims(fileIn(folder, 'claims.json')) };
  const own = values.with ?? (await runAgain(recorded.run));
  const rows = agreement(
    verdictsOf(recordedWith(recorded.run)),
    verdictsOf(recordedWith(readRun(fileIn(own, 'run.json')))),
  );
  process.stdout.write(`${agreementText(rows, values.all)}\n`);
  if (rows.some(({ agrees }) => agrees === false)) process.exitCode = 1;

  /** Both sides share the other evidence of the claims, such as demonstrations. */
  function recordedWith(run: typeof recorded.run) {
    const { platforms, observations } = recorded.claims;
    return { run, audit: undefined, platforms, observations };
  }
}

function fileIn(folder: string, name: string): string {
  const path = join(folder, name);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`There is no folder ${folder}`);
  if (!existsSync(path)) throw new UsageError(`${folder} has no ${name}`);
  return path;
}

/** Runs the command that a run names, with its seed, into a folder of its own. Returns the folder. */
async function runAgain({ command: told, seed }: { readonly command: string; readonly seed: number }): Promise<string> {
  const [, given = ''] = /^npm run bench(?: -- (.*))?$/.exec(told) ?? [];
  const out = join(root, LOCAL, 'replica');
  const parsed = parseArgs({
    args: given.split(' ').filter(Boolean),
    strict: false,
    options: { profile: { type: 'string' }, suite: { type: 'string' }, strategy: { type: 'string' } },
  });
  const kept = Object.entries(parsed.values).flatMap(([name, value]) =>
    ['profile', 'suite', 'strategy'].includes(name) ? [`--${name}`, String(value)] : [],
  );
  const bench = fileURLToPath(new URL('../bench.js', import.meta.url));
  const child = spawn(process.execPath, [bench, ...kept, '--seed', String(seed), '--out', out], {
    stdio: ['ignore', 2, 2],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new UsageError('The run failed on this machine; its output is above');
  return out;
}
