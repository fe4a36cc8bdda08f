import { seeded, shuffled } from '../harness/app/random.ts';
import { Group, type RunningEntry, signIn } from './engine/group.ts';
import type { Profile } from './model/profiles.ts';
import { type Entry, nameOf, entryKeyOf } from './model/entry.ts';
import type { Block, Outcome } from './model/sample.ts';
import type { Stage, Suite } from './suites/suite.ts';

/** Every block of a run, in the order that they are to be run in; the same for the same seed. */
export function plan(suites: readonly Suite[], entries: readonly Entry[], profile: Profile): Block[] {
  const alone = suites.flatMap((suite) =>
    (suite.blocks?.(entries, profile) ?? []).map((block): Block => ({ about: suite.title, ...block })),
  );
  const own = profile.claims ? alone : alone.map((block) => ({ ...block, waits: true }));
  return inOrder([...groupBlocks(suites, entries, profile), ...own], profile.seed);
}

/** Repetition by repetition, so that whatever drifts, drifts for all alike; within one, shuffled. */
function inOrder(blocks: readonly Block[], seed: number): Block[] {
  const random = seeded(seed);
  const repetitions = Math.max(0, ...blocks.map(({ repetition }) => repetition + 1));
  return Array.from({ length: repetitions }, (_, repetition) =>
    shuffled(
      blocks.filter((block) => block.repetition === repetition),
      random,
    ),
  ).flat();
}

interface Staged {
  readonly suite: Suite;
  readonly stage: Stage;
}

/** A stage of one repetition. */
interface Present extends Staged {
  readonly takes: (entry: Entry) => boolean;
}

/**
 * In each repetition the entries are dealt anew into groups of a few servers, each with a baseline of its own. All entries of a
 * group take the same stages: a baseline that had taken one more than the others would be warmer than they are.
 */
function groupBlocks(suites: readonly Suite[], entries: readonly Entry[], profile: Profile): Block[] {
  const staged = suites
    .flatMap((suite): Staged[] => (suite.stages?.(profile) ?? []).map((stage) => ({ suite, stage })))
    // A warm-up would change the figures of a stage that is measured without one.
    .toSorted((a, b) => Number(a.stage.prepare !== undefined) - Number(b.stage.prepare !== undefined));
  const taking = entries.filter((entry) => staged.some(({ suite }) => suiteTakes(suite, entry)));
  const [baseline] = taking.filter(({ role }) => role === 'baseline');
  if (baseline === undefined || staged.length === 0) return [];
  const { repetitions } = profile;
  // In a run without strategies, a repetition without peers would compare nobody.
  const leavesPeersOut = taking.some(({ role }) => role === 'strategy');
  return Array.from({ length: repetitions }, (_, repetition) => {
    const seed = profile.seed * 1000 + repetition;
    const present = staged
      .filter(({ stage }) => repetition < (stage.repetitions ?? repetitions))
      .map(({ suite, stage }): Present => {
        const withoutPeers = leavesPeersOut && repetition >= (stage.peerRepetitions ?? repetitions);
        return { suite, stage, takes: (entry) => suiteTakes(suite, entry) && !(withoutPeers && entry.role === 'peer') };
      });
    if (present.length === 0) return [];
    const random = seeded(seed);
    const others = shuffled(
      taking.filter((entry) => entry !== baseline && present.some((one) => one.takes(entry))),
      random,
    );
    return alike(others, present)
      .flatMap((some) => deal(some, profile.groupSize - 1))
      .map((dealt, index) => {
        // Servers that start first may get fragmented memory, and cost some percent more: so the order is drawn.
        const order = shuffled([baseline, ...dealt], random);
        return groupBlock(present, order, profile, { repetition, index, seed: seed * 100 + index });
      });
  }).flat();
}

const suiteTakes = (suite: Suite, { role }: Entry): boolean => role === 'baseline' || suite.takes.includes(role);

/** Parts the entries by the stages that they take; no entries are one part. */
function alike(entries: readonly Entry[], present: readonly Present[]): Entry[][] {
  const kindOf = (entry: Entry) => present.map((one) => Number(one.takes(entry))).join();
  const kinds = new Set(entries.map(kindOf));
  return kinds.size === 0 ? [[]] : [...kinds].map((kind) => entries.filter((entry) => kindOf(entry) === kind));
}

/** Parts the items into as few groups as hold at most `most` each, of sizes that differ by one at most. */
function deal<T>(items: readonly T[], most: number): T[][] {
  const groups = Math.max(1, Math.ceil(items.length / most));
  return Array.from({ length: groups }, (_, group) => items.filter((_item, index) => index % groups === group));
}

/** Seconds that a server takes to start, and its clients to sign in. */
const BOOT = 0.75;

function groupBlock(
  stages: readonly Present[],
  entries: readonly Entry[],
  { connections, cores }: Profile,
  { repetition, index, seed }: { repetition: number; index: number; seed: number },
): Block {
  const own = stages.map(({ suite, stage, takes }) => ({ suite, stage, entries: entries.filter(takes) }));
  const present = own.filter(({ entries: taking }) => taking.length > 1 || entries.length === 1);
  const expected = present.reduce((sum, { stage, entries: taking }) => sum + taking.length * stage.expected, 0);
  return {
    key: `group ${repetition}.${index}`,
    label: `${[...new Set(present.map(({ suite }) => suite.id))].join(', ')}: ${entries.map(nameOf).join(', ')}`,
    about: present.map(({ suite }) => suite.title)[0] ?? '',
    repetition,
    expected: entries.length * BOOT + expected,
    run: () => measureGroup(present, entries, { connections, cores }, seed),
  };
}

async function measureGroup(
  stages: readonly (Staged & { readonly entries: readonly Entry[] })[],
  entries: readonly Entry[],
  { connections, cores }: Pick<Profile, 'connections' | 'cores'>,
  seed: number,
): Promise<Outcome> {
  const group = await Group.start(entries, {}, (running) => signIn(running, connections));
  const runningOf = (taking: readonly Entry[]) => group.runningEntries.filter(({ entry }) => taking.includes(entry));
  try {
    const samples: Outcome['samples'][number][] = [];
    for (const { suite, stage, entries: taking } of stages) {
      if (stage.prepare !== undefined) {
        await group.keepTo(undefined);
        // Only once all servers are up: otherwise, what V8 compiles for a server depends on when it started.
        await group.each(peersFirst(runningOf(taking)), stage.prepare);
      }
      await group.keepTo(cores);
      for (const [{ entry }, figures] of await stage.measure(group, runningOf(taking), seed)) {
        samples.push(...figures.map((figure) => ({ ...figure, suite: suite.id, entry: entryKeyOf(entry) })));
      }
    }
    return { samples, failures: group.failures };
  } finally {
    await group.stop();
  }
}

/** Some peers take four times as long to warm up. If one began last, all others would wait for it. */
const peersFirst = (running: readonly RunningEntry[]): RunningEntry[] =>
  running.toSorted((a, b) => Number(b.entry.role === 'peer') - Number(a.entry.role === 'peer'));
