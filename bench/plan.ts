import { seeded, shuffled } from '../harness/random.ts';
import { Field } from './field.ts';
import type { Profile } from './profiles.ts';
import { type Arm, type Block, nameOf, type Outcome, ownerOf, type Stage, type Suite } from './suite.ts';

/** Every block of a run, in the order that they are to be run in; the same for the same seed. */
export function plan(suites: readonly Suite[], arms: readonly Arm[], profile: Profile): Block[] {
  const alone = suites.flatMap((suite) => suite.blocks?.(arms, profile) ?? []);
  const own = profile.claims ? alone : alone.map((block) => ({ ...block, waits: true }));
  return inOrder([...fieldBlocks(suites, arms, profile), ...own], profile.seed);
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

/** In each repetition the arms are dealt anew into fields of a few servers, each with a baseline of its own. */
function fieldBlocks(suites: readonly Suite[], arms: readonly Arm[], profile: Profile): Block[] {
  const staged = suites.flatMap((suite): Staged[] =>
    (suite.stages?.(profile) ?? []).map((stage) => ({ suite, stage })),
  );
  const taking = arms.filter((arm) => staged.some(({ suite }) => takes(suite, arm)));
  const [baseline] = taking.filter(({ role }) => role === 'baseline');
  if (baseline === undefined || staged.length === 0) return [];
  return Array.from({ length: profile.repetitions }, (_, repetition) => {
    const seed = profile.seed * 1000 + repetition;
    const others = shuffled(
      taking.filter((arm) => arm !== baseline),
      seeded(seed),
    );
    const present = staged.filter(({ stage: { repetitions = Infinity } }) => repetition < repetitions);
    return deal(others, profile.fieldSize - 1).map((hand, index) =>
      fieldBlock(present, [baseline, ...hand], profile, { repetition, index, seed: seed * 100 + index }),
    );
  }).flat();
}

const takes = (suite: Suite, { role }: Arm): boolean => role === 'baseline' || suite.takes.includes(role);

/** As many hands as it takes, of as equal a size as can be. */
function deal<T>(items: readonly T[], most: number): T[][] {
  const hands = Math.max(1, Math.ceil(items.length / most));
  return Array.from({ length: hands }, (_, hand) => items.filter((_item, index) => index % hands === hand));
}

/** Seconds that a server takes to start, and its clients to sign in. */
const BOOT = 0.8;

function fieldBlock(
  staged: readonly Staged[],
  arms: readonly Arm[],
  { connections, cores }: Profile,
  { repetition, index, seed }: { repetition: number; index: number; seed: number },
): Block {
  const own = staged.map(({ suite, stage }) => ({ suite, stage, arms: arms.filter((arm) => takes(suite, arm)) }));
  const present = own.filter(({ arms: taking }) => taking.length > 1 || arms.length === 1);
  const expected = present.reduce((sum, { stage, arms: taking }) => sum + taking.length * stage.expected, 0);
  return {
    key: `field ${repetition}.${index}`,
    label: `${[...new Set(present.map(({ suite }) => suite.id))].join(', ')}: ${arms.map(nameOf).join(', ')}`,
    repetition,
    expected: arms.length * BOOT + expected,
    async run() {
      const field = await Field.start(arms);
      const stallsOf = (taking: readonly Arm[]) => field.stalls.filter(({ arm }) => taking.includes(arm));
      try {
        await field.signIn(connections);
        for (const { stage, arms: taking } of present) await stage.prepare?.(field, stallsOf(taking));
        await field.keepTo(cores);
        const samples: Outcome['samples'][number][] = [];
        for (const { suite, stage, arms: taking } of present) {
          for (const [{ arm }, figures] of await stage.measure(field, stallsOf(taking), seed)) {
            samples.push(...figures.map((figure) => ({ ...figure, suite: suite.id, owner: ownerOf(arm) })));
          }
        }
        return { samples, failures: field.failures };
      } finally {
        await field.stop();
      }
    },
  };
}
