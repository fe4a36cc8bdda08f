import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { armsOf, loadContestants } from '../bench/arms.ts';
import { describeEnvironment } from '../bench/environment.ts';
import { profiles } from '../bench/profiles.ts';
import { renderResults } from '../bench/report/results.ts';
import { expectedSeconds, runBlocks } from '../bench/runner.ts';
import { type Run, SCHEMA_VERSION, writeRun } from '../bench/run-file.ts';
import { suites } from '../bench/suites/index.ts';
import { among, command, root, UsageError } from './command.ts';
import { spliceReadme } from './splice.ts';

/** Where a run grows, and stays where it is not whole. */
const PARTIAL = 'results/partial';

const HELP = `Usage: npm run bench [-- OPTIONS]

Measures every strategy in both variants behind the same gateways and writes RESULTS.md.

  --profile ID    ${profiles.map(({ id, summary }) => `${id}: ${summary}`).join('\n                  ')}
  --strategy ID   only this one, beside the baseline
  --suite ID      only this one
  --seed N        the order of the blocks (default 1)
  --out DIR       where run.json and RESULTS.md go (default ${PARTIAL})
  --list          what there is, and exit
  --help

Only a whole quick or full run, without --strategy, --suite or --out, writes the RESULTS.md at the root, and
results/<profile>/run.json.
Ctrl-C stops it, and keeps the cells that are finished.`;

await command(HELP, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      profile: { type: 'string', default: 'quick' },
      strategy: { type: 'string' },
      suite: { type: 'string' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  const contestants = await loadContestants();
  const profile = among('profile', profiles, values.profile);
  const chosenSuites = values.suite === undefined ? suites : [among('suite', suites, values.suite)];
  const chosen = values.strategy === undefined ? contestants : [among('strategy', contestants, values.strategy)];
  const strategies = contestants.filter((strategy) => strategy.role === 'baseline' || chosen.includes(strategy));
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed takes a whole number, got '${values.seed}'`);
  if (values.list) return list(contestants);

  const arms = armsOf(strategies);
  const blocks = chosenSuites.flatMap((suite) => suite.blocks(arms, { ...profile, seed }));
  if (blocks.length === 0)
    throw new UsageError('There is nothing to measure: no such strategy takes part in that suite');
  const out = values.out ?? join(root, PARTIAL);
  makeFolder(out);
  const runFile = join(out, 'run.json');
  const startedAt = new Date();
  let run: Run = {
    schemaVersion: SCHEMA_VERSION,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    profile: profile.id,
    seed,
    startedAt: startedAt.toISOString(),
    seconds: 0,
    complete: false,
    environment: describeEnvironment(root),
    strategies: Object.fromEntries(strategies.map(({ id, title, summary }) => [id, { title, summary }])),
    cells: [],
  };
  const keep = (change: Partial<Run>): void => {
    run = { ...run, ...change, seconds: (Date.now() - startedAt.getTime()) / 1000 };
    writeRun(runFile, run);
  };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      process.stderr.write(`\nStopped; the ${run.cells.length} cells that are finished are in ${runFile}\n`);
      process.exit(code);
    });
  }

  // Whatever stops it, the file that it names is this run's.
  keep({});
  process.stderr.write(`${blocks.length} blocks, about ${Math.ceil(expectedSeconds(blocks) / 60)} min\n`);
  const failures = await runBlocks(blocks, { seed, onCells: (cells) => keep({ cells }) });
  keep({ complete: failures.length === 0 });
  const asked = ['strategy', 'suite', 'out'].some((name) => name in values);
  const whole = profile.id !== 'smoke' && !asked && run.complete;
  const resultsFile = join(whole ? root : out, 'RESULTS.md');
  if (whole) {
    const kept = `results/${profile.id}/run.json`;
    mkdirSync(dirname(join(root, kept)), { recursive: true });
    writeRun(join(root, kept), run);
    writeFileSync(resultsFile, renderResults(run, kept));
    spliceReadme(root, run);
  } else writeFileSync(resultsFile, renderResults(run, 'run.json'));
  process.stdout.write(`${resultsFile}\n`);
  if (failures.length === 0) return;
  process.stderr.write(`${failures.length} blocks failed:\n${failures.map((failure) => `  ${failure}\n`).join('')}`);
  process.exitCode = 1;
});

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new UsageError(`Cannot write to the folder ${path}: ${(cause as Error).message}`, { cause });
  }
}

function list(contestants: Awaited<ReturnType<typeof loadContestants>>): void {
  const rows = (items: readonly { id: string; title?: string; summary?: string }[]) =>
    items.map(({ id, title, summary }) => `  ${id.padEnd(18)}${title ?? summary}\n`).join('');
  process.stdout.write(
    `Strategies\n${rows(contestants)}\nSuites\n${rows(suites)}\nProfiles\n${rows(profiles.map(({ id, summary }) => ({ id, summary })))}`,
  );
}
