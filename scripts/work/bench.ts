import { basename, isAbsolute } from 'node:path';
import { parseArgs } from 'node:util';
import { describedEntries, loadEntries } from '../../bench/entries.ts';
import { compareRuns } from '../../bench/compare.ts';
import { describeEnvironment } from '../../bench/model/environment.ts';
import { Journal } from '../../bench/engine/journal.ts';
import { measureRun } from '../../bench/measure-run.ts';
import { plan } from '../../bench/plan.ts';
import { profiles } from '../../bench/model/profiles.ts';
import { expectedSeconds } from '../../bench/engine/runner.ts';
import { readRun, type Run, SCHEMA_VERSION } from '../../bench/model/run-file.ts';
import { select } from '../../bench/selection.ts';
import type { Entry } from '../../bench/model/entry.ts';
import type { Block } from '../../bench/model/sample.ts';
import type { Suite } from '../../bench/suites/suite.ts';
import { suites } from '../../bench/suites/registry.ts';
import { verifyEntries } from '../../bench/verify-entries.ts';
import { type Cores, coresOf, fixedFlags } from '../../harness/processes/launch.ts';
import { summary } from '../../bench/pages/summary.ts';
import { quoted } from '../../bench/report/quoted.ts';
import { kindOf, publishRun, writePages } from '../../publish/publish.ts';
import { among, root, UsageError } from '../command.ts';
import { count } from '../quantities.ts';
import {
  baselineFile,
  localFolder,
  makeFolder,
  saveBaseline,
  shown,
  stoppedFolder,
  stoppedRun,
} from '../run-folders.ts';

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

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const all = { suites, entries: await loadEntries() };
  if (values.resume) refuseOthers(values);
  const resumed = values.resume ? (values.out ?? stoppedFolder()) : undefined;
  const stopped = resumed === undefined ? undefined : stoppedRun(resumed);
  const profile = among('profile', profiles, stopped?.profile ?? values.profile ?? 'quick');
  const strategy = stopped ? (stopped.narrowed.strategy ?? undefined) : values.strategy;
  const suite = stopped ? (stopped.narrowed.suite ?? undefined) : values.suite;
  if (suite !== undefined) among('suite', suites, suite);
  if (strategy !== undefined) among('strategy', named(all.entries), strategy);
  const out = resumed ?? values.out ?? localFolder(profile.id, { suite, strategy });
  const seed = stopped?.seed ?? count('--seed', values.seed ?? '1', { whole: true, orZero: true, most: 2 ** 32 - 1 });
  const against = values.baseline === undefined ? undefined : readRun(baselineFile(values.baseline));
  const kept = values['save-baseline'] === undefined ? undefined : baselineFile(values['save-baseline'], true);
  const narrowed = { strategy: strategy ?? null, suite: suite ?? null };
  if (values.publish) kindOf({ profile: profile.id, narrowed });
  if (values.list) return list(all.entries);

  const { suites: chosen, entries } = select(all, profile, { strategy, suite });
  // Suites of several nodes are not pinned, so a run of such suites alone must not say that it was.
  const pins = !values['no-pinning'] && chosen.some(({ ofNodes }) => !ofNodes);
  const pinned = stopped ? stopped.environment.pinned : pins ? coresOf() : null;
  const cores = pinned ?? undefined;
  const blocks = plan(chosen, entries, { ...profile, seed, cores });
  if (!measuresSomething(blocks, entries, strategy)) {
    throw new UsageError('There is nothing to measure: no such strategy takes part in that suite');
  }
  for (const line of chosen.flatMap((each) => each.lacks?.() ?? [])) process.stderr.write(`${line}\n`);
  const earlier = stopped && Journal.resume(out);
  if (values['dry-run']) return dryRun(blocks.filter((block) => !earlier?.has(block)));
  const missing = chosen.map((each) => each.missing?.()).find((reason) => reason !== undefined);
  if (missing !== undefined) throw new UsageError(missing);
  if (values['verify-only']) return report(await verifyEntries(entries, profile));

  const begun = stopped ?? newRun(args, { profile, seed, strategy, suite, cores }, entries);
  if (stopped === undefined) makeFolder(out);
  const journal = earlier ?? Journal.begin(out);
  const goOn = `npm run bench -- --resume --out ${quoted(shown(out))}`;
  const run = await measureRun({ run: begun, out, journal, blocks, goOn });
  if (run.failures.length > 0) report([`${run.failures.length} failures:`, ...run.failures]);
  writePages(root, out, run);
  process.stdout.write(`${summary(run, shown(out))}\n`);
  if (values.publish && run.complete)
    process.stdout.write(`\nPublished in ${await publishRun(root, run)}, RESULTS.md and README.md.\n`);
  if (kept !== undefined && run.complete) saveBaseline(kept, run);
  if (!run.complete && (values.publish || kept !== undefined))
    report(['The run is not complete, so it was neither published nor kept as a baseline.']);
  if (against !== undefined) process.stdout.write(`\n${compareRuns(against, run).text}\n`);
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
    command: [
      'npm run bench',
      ...(args.length > 0 ? ['--', ...args.map((arg) => quoted(withoutFolder(arg)))] : []),
    ].join(' '),
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

/** A stopped run goes on as it began. @throws UsageError for an option that would change it */
function refuseOthers(values: Record<string, unknown>): void {
  const other = ['profile', 'strategy', 'suite', 'seed', 'no-pinning'].find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--resume goes on as the run began: leave out --${other}`);
}

/** A recorded command must not contain the path of a folder outside the repository, which may be somebody's home. */
function withoutFolder(argument: string): string {
  const [, option = '', path = ''] = /^(--[a-z-]+=)?(.*)$/s.exec(argument)!;
  const within = shown(path);
  return `${option}${isAbsolute(within) ? basename(within) : within}`;
}

function named(entries: readonly Entry[]): { id: string }[] {
  const ids = entries.filter(({ role }) => role !== 'platform-layer').map(({ strategy }) => strategy);
  return [...new Set(ids)].map((id) => ({ id }));
}

/** The baseline alone is no comparison, unless it was asked for. */
function measuresSomething(blocks: readonly Block[], entries: readonly Entry[], strategy: string | undefined): boolean {
  return blocks.length > 0 && (strategy === undefined || entries.some((entry) => entry.strategy === strategy));
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
      `Profiles\n${rows(profiles.map((each) => ({ id: each.id, text: each.summary })))}`,
  );
}
