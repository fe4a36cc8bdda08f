import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describedEntries, loadEntries } from '../bench/entries.ts';
import { compareRuns } from '../bench/compare.ts';
import { describeEnvironment, sameMachineAndCode } from '../bench/model/environment.ts';
import { Journal } from '../bench/engine/journal.ts';
import { measureRun } from '../bench/measure-run.ts';
import { plan } from '../bench/plan.ts';
import { type Profile, profiles } from '../bench/model/profiles.ts';
import { expectedSeconds } from '../bench/engine/runner.ts';
import { readRun, type Run, RunFileError, SCHEMA_VERSION } from '../bench/model/run-file.ts';
import { select } from '../bench/selection.ts';
import type { Entry } from '../bench/model/entry.ts';
import type { Block } from '../bench/model/sample.ts';
import type { Suite } from '../bench/suites/suite.ts';
import { suites } from '../bench/suites/registry.ts';
import { verifyEntries } from '../bench/verify-entries.ts';
import { baselineFile, saveBaseline } from './baselines.ts';
import { type Cores, coresOf, fixedFlags } from '../harness/processes/launch.ts';
import { among, command, root, UsageError } from './command.ts';
import type { Kind } from '../publish/published.ts';
import { publish } from '../publish/renderings.ts';

/** Where a run grows, and stays where it is not whole. */
const PARTIAL = 'results/partial';

const HELP = `Usage: npm run bench [-- OPTIONS]

Measures every strategy in both variants behind the same gateways and writes RESULTS.md.

  --profile ID          ${profiles.map(({ id, summary }) => `${id}: ${summary}`).join('\n                        ')}
  --strategy ID         only this one, or this peer, beside the baseline
  --suite ID            only this one
  --no-pinning          let servers and generator use any core; where taskset(1) is, each side keeps to one core otherwise
  --seed N              of every order that is drawn (default 1)
  --out DIR             where run.json, RESULTS.md and report.html go (default ${PARTIAL})
  --publish             with --suite: into results/<suite>, and RESULTS.md links to it
  --resume              go on with the run in --out that was stopped; no block that is finished is run again
  --dry-run             what would be run and how long that takes, and exit
  --verify-only         only check that each answers whom it should and turns away whom it should
  --save-baseline NAME  keep the run under results/baselines/NAME
  --baseline NAME       compare the run with that one
  --list                what there is, and exit
  --help

Only a whole run of a profile that claims something, without --strategy, --suite or --out, writes the RESULTS.md at the root,
and results/<profile>/; a whole run of nodes stays in results/nodes.
Ctrl-C stops it, and keeps the blocks that are finished: --resume goes on.`;

const options = {
  profile: { type: 'string' },
  strategy: { type: 'string' },
  suite: { type: 'string' },
  seed: { type: 'string' },
  'no-pinning': { type: 'boolean' },
  out: { type: 'string' },
  publish: { type: 'boolean', default: false },
  resume: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  'verify-only': { type: 'boolean', default: false },
  'save-baseline': { type: 'string' },
  baseline: { type: 'string' },
  list: { type: 'boolean', default: false },
} as const;

await command(HELP, async (args) => {
  const { values } = parseArgs({ args, options });
  const all = { suites, entries: await loadEntries() };
  const out = values.out ?? join(root, PARTIAL);
  const stopped = values.resume ? resumed(out, values) : undefined;
  const profile = among('profile', profiles, stopped?.profile ?? values.profile ?? 'quick');
  const strategy = stopped ? (stopped.narrowed.strategy ?? undefined) : values.strategy;
  const suite = stopped ? (stopped.narrowed.suite ?? undefined) : values.suite;
  if (suite !== undefined) among('suite', suites, suite);
  if (strategy !== undefined) among('strategy', named(all.entries), strategy);
  const seed = stopped?.seed ?? seedOf(values.seed);
  const against = values.baseline === undefined ? undefined : readRun(baselineFile(root, values.baseline));
  const kept = values['save-baseline'] === undefined ? undefined : baselineFile(root, values['save-baseline'], true);
  if (values.list) return list(all.entries);

  const { suites: chosen, entries } = select(all, profile, { strategy, suite });
  const pinned = stopped ? stopped.environment.pinned : values['no-pinning'] ? null : coresOf();
  const cores = pinned ?? undefined;
  const blocks = plan(chosen, entries, { ...profile, seed, cores });
  if (!measuresSomething(blocks, entries, strategy)) {
    throw new UsageError('There is nothing to measure: no such strategy takes part in that suite');
  }
  for (const line of chosen.flatMap((each) => each.lacks?.() ?? [])) process.stderr.write(`${line}\n`);
  if (values['dry-run']) return dryRun(blocks);
  const missing = chosen.map((each) => each.missing?.()).find((reason) => reason !== undefined);
  if (missing !== undefined) throw new UsageError(missing);
  if (values['verify-only']) return report(await verifyEntries(entries, profile));

  const begun = stopped ?? newRun(args, { profile, seed, strategy, suite, cores }, entries);
  makeFolder(out, stopped === undefined);
  const journal = (stopped && Journal.resume(out)) ?? Journal.begin(out);
  const goOn = ['npm run bench -- --resume', ...(values.out === undefined ? [] : ['--out', values.out])].join(' ');
  const run = await measureRun({ run: begun, out, journal, blocks, goOn });
  if (run.failures.length > 0) report([`${run.failures.length} failures:`, ...run.failures]);
  const kind =
    !run.complete || values.out !== undefined
      ? undefined
      : kindOf({ strategy, suite, publish: values.publish }, profile);
  const folder = kind === undefined ? out : join(root, 'results', kind === 'others' ? suite! : profile.id);
  const results = kind === 'run' ? root : folder;
  process.stdout.write(`${await publish(run, { folder, results, root, kind })}\n`);
  if (kept !== undefined && run.complete) saveBaseline(kept, run);
  else if (kept !== undefined) report(['No baseline was kept: the run is not complete']);
  if (against !== undefined) process.stdout.write(`\n${compareRuns(against, run).text}\n`);
});

/** As what a complete run is published; undefined for one that is not. */
function kindOf(
  { strategy, suite, publish: asked }: { strategy: string | undefined; suite: string | undefined; publish: boolean },
  { claims, beside }: Profile,
): Kind | undefined {
  if (!claims || strategy !== undefined) return undefined;
  if (suite !== undefined) return asked ? 'others' : undefined;
  return beside ? 'nodes' : 'run';
}

interface Chosen {
  readonly profile: { readonly id: string };
  readonly seed: number;
  readonly strategy: string | undefined;
  readonly suite: string | undefined;
  readonly cores: Cores | undefined;
}

function newRun(
  args: readonly string[],
  { profile, seed, strategy, suite, cores }: Chosen,
  entries: readonly Entry[],
): Run {
  return {
    schemaVersion: SCHEMA_VERSION,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args.map(withoutHome)] : [])].join(' '),
    profile: profile.id,
    narrowed: { strategy: strategy ?? null, suite: suite ?? null },
    seed,
    startedAt: new Date().toISOString(),
    seconds: 0,
    complete: false,
    failures: [],
    environment: {
      ...describeEnvironment(
        root,
        entries.flatMap(({ packages = [] }) => packages),
      ),
      flags: fixedFlags,
      pinned: cores ?? null,
    },
    entries: describedEntries(entries),
    timelines: [],
    cells: [],
  };
}

/** The stopped run in a folder. @throws UsageError where it cannot go on */
function resumed(out: string, values: Record<string, unknown>): Run {
  const other = ['profile', 'strategy', 'suite', 'seed', 'no-pinning'].find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--resume goes on as the run began: leave out --${other}`);
  const file = join(out, 'run.json');
  if (!existsSync(file)) throw new UsageError(`There is no run to go on with in ${out}`);
  const run = readRun(file);
  if (run.complete) throw new UsageError(`The run in ${out} is complete: there is nothing to go on with`);
  const difference = sameMachineAndCode(run.environment, describeEnvironment(root));
  if (difference !== undefined)
    throw new UsageError(`Cannot go on with the run in ${out}: ${difference} is another now`);
  return run;
}

/** A recorded command names no one's folders. */
function withoutHome(argument: string): string {
  return isAbsolute(argument) ? basename(argument) : argument;
}

function seedOf(given = '1'): number {
  const seed = Number(given);
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(seed))
    throw new UsageError(`--seed takes a whole number, got '${given}'`);
  return seed;
}

function named(entries: readonly Entry[]): { id: string }[] {
  const ids = entries.filter(({ role }) => role !== 'platform-layer').map(({ strategy }) => strategy);
  return [...new Set(ids)].map((id) => ({ id }));
}

/** The baseline beside itself tells nothing, unless it was asked for. */
function measuresSomething(blocks: readonly Block[], entries: readonly Entry[], strategy: string | undefined): boolean {
  return blocks.length > 0 && (strategy === undefined || entries.some((entry) => entry.strategy === strategy));
}

/** A run that was stopped, or that an older version wrote, is not lost to the next one: it makes way. */
function makeFolder(path: string, anew: boolean): void {
  const within = relative(join(root, 'results'), resolve(path));
  if (relative(resolve(path), root) === '' || ['', ...profiles.map(({ id }) => id)].includes(within))
    throw new UsageError(`--out takes a folder of its own, and ${path} is where whole runs go`);
  const previous = `${path}.previous`;
  try {
    if (anew && existsSync(join(path, 'run.json')) && !isComplete(join(path, 'run.json'))) {
      rmSync(previous, { recursive: true, force: true });
      renameSync(path, previous);
      process.stderr.write(`The run that was in ${path} is kept in ${relative(process.cwd(), previous)}\n`);
    }
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new UsageError(`Cannot write to the folder ${path}: ${(cause as Error).message}`, { cause });
  }
}

function isComplete(file: string): boolean {
  try {
    return readRun(file).complete;
  } catch (error) {
    if (error instanceof RunFileError) return false;
    throw error;
  }
}

function dryRun(blocks: readonly Block[]): void {
  const lines = blocks.map(
    ({ label, repetition, expected }) => `${repetition + 1}  ${expected.toFixed(0)} s  ${label}`,
  );
  const minutes = (expectedSeconds(blocks) / 60).toFixed(1);
  process.stdout.write(`${lines.join('\n')}\n${blocks.length} blocks, about ${minutes} min\n`);
}

function report(failures: readonly string[]): void {
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function list(entries: readonly Entry[]): void {
  const rows = (items: readonly { id: string; text: string }[]) =>
    [...new Map(items.map((item) => [item.id, item])).values()]
      .map(({ id, text }) => `  ${id.padEnd(26)}${text}\n`)
      .join('');
  const of = (...roles: Entry['role'][]) =>
    rows(entries.filter(({ role }) => roles.includes(role)).map(({ strategy: id, title: text }) => ({ id, text })));
  const listed = (items: readonly Pick<Suite, 'id' | 'title'>[]) =>
    rows(items.map(({ id, title: text }) => ({ id, text })));
  process.stdout.write(
    `Strategies\n${of('baseline', 'strategy')}\nPeers\n${of('peer')}\nTwin and controls\n${of('twin', 'control')}\n` +
      `Platform layers\n${of('platform-layer')}\nSuites\n${listed(suites)}\n` +
      `Profiles\n${rows(profiles.map(({ id, summary: text }) => ({ id, text })))}`,
  );
}
