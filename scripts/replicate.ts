import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRun } from '../bench/model/run-file.ts';
import { verdictsOf } from '../claims/index.ts';
import { readClaims } from '../claims/record.ts';
import { agreement } from '../claims/replicate.ts';
import { LOCAL } from '../publish/publish.ts';
import { command, root, UsageError } from './command.ts';

const HELP = `Usage: npm run replicate -- RUN [OPTIONS]

Runs the command of a recorded run here, with its seed, and says claim by claim whether this machine agrees. Claims are
ratios and orderings, so that they carry over; times do not.

  RUN           a folder such as results/full, with run.json and claims.json
  --with RUN    compare with this run of yours instead of running it
  --help

Exits with 1 where a claim comes out otherwise; ? marks what your run cannot tell.`;

await command(HELP, async (args) => {
  const { values, positionals } = parseArgs({ args, options: { with: { type: 'string' } }, allowPositionals: true });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1)
    throw new UsageError('replicate takes one folder, such as results/full');
  const recorded = { run: readRun(fileIn(folder, 'run.json')), claims: readClaims(fileIn(folder, 'claims.json')) };
  const own = values.with ?? (await runAgain(recorded.run));
  const rows = agreement(
    verdictsOf(recordedWith(recorded.run)),
    verdictsOf(recordedWith(readRun(fileIn(own, 'run.json')))),
  );
  for (const { id, recorded: theirs, own: ours, agrees } of rows)
    process.stdout.write(
      `${said(agrees)} ${id.padEnd(32)}${theirs.outcome}: ${theirs.figure}\n${' '.repeat(40)}${ours.outcome}: ${ours.figure}\n`,
    );
  const [agreeing, differing] = [true, false].map((wanted) => rows.filter(({ agrees }) => agrees === wanted).length);
  process.stdout.write(
    `Of ${rows.length} claims that rest on this run ${agreeing} agree, ${differing} differ and ${rows.length - agreeing! - differing!} cannot be told here\n`,
  );
  if (differing! > 0) process.exitCode = 1;

  /** What rests on the audit, and on demonstrations, is the same on both sides. */
  function recordedWith(run: typeof recorded.run) {
    const { platforms, observations } = recorded.claims;
    return { run, audit: undefined, platforms, observations };
  }
});

function said(agrees: boolean | undefined): string {
  return agrees === undefined ? '?      ' : agrees ? 'agrees ' : 'DIFFERS';
}

function fileIn(folder: string, name: string): string {
  const path = join(folder, name);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`There is no folder ${folder}`);
  if (!existsSync(path)) throw new UsageError(`${folder} has no ${name}`);
  return path;
}

/** The command that a run names, with its seed, into a folder of its own; answers the folder. */
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
  const bench = fileURLToPath(new URL('bench.js', import.meta.url));
  const child = spawn(process.execPath, [bench, ...kept, '--seed', String(seed), '--out', out], {
    stdio: ['ignore', 2, 2],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new UsageError(`The run failed here; its output stands above`);
  return out;
}
