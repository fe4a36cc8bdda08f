import { startGenerator } from '../../../harness/processes/generator.ts';
import { seeded, shuffled } from '../../../harness/app/random.ts';
import type { Profile } from '../../model/profiles.ts';
import type { RunningEntry } from '../../engine/group.ts';
import { type Entry, entryKeyOf } from '../../model/entry.ts';
import type { Block, Outcome } from '../../model/sample.ts';
import { runtimeSection } from './section.ts';
import { defineSuite, type Suite } from '../suite.ts';
import { type Configuration, configurationsOf, EARLY, LATE, QUIET } from './configurations.ts';
import { findRuntimes, lackText, type Runtime } from './runtimes.ts';
import { measure, prepare, prepareReference, type Ready } from './server-run.ts';

const id = 'runtime';
/** Seconds that a process takes to start and to sign its clients in, and from its load to its end. */
const START = 2;
const MEASURE = 6;
/** Seconds until a reference is warm. */
const WARM = 4;

const takes: Suite['takes'] = [];

export default defineSuite<{ readonly processes: number }>({
  id,
  order: 110,
  title: "What Node's default heap costs",
  question:
    'How often does V8 start with a small young generation or pretenure under the defaults of Node, what does that cost, and what should a user set?',
  method:
    'Each server process is fresh, serves the no-auth baseline, and signs clients in. After 20 s without load it ' +
    'gets the full closed loop of messages at once; one more process under the defaults gets the load without that quiet time. ' +
    'V8 shrinks a young generation at a collection before which little was allocated, and grows it again only as objects survive. After ' +
    `${EARLY.toLocaleString('en')} messages, and again after ${LATE.toLocaleString('en')}, CPU per message is the median of time slices of 0.1 s: three at first, six later. Only slices count in which the process was at least 95% busy. ` +
    'The reference is a warm process of the same Node with semi-spaces of 16 MiB. Each slice of the process is compared with the slices of the reference before and after it. ' +
    'Resident memory includes garbage. A round has one process of each kind on each Node, measured one after the other in an order drawn anew, ' +
    'under one load generator. A size is that of one of the two semi-spaces, set by `--min-semi-space-size` and ' +
    '`--max-semi-space-size`; such a process also has `--no-allocation-site-pretenuring`. `default` has no flag, and V8 optimizes while it starts, as for a user. ' +
    'The advice follows from the figures: the defaults where no process was small or pretenured, or where that is shown to cost at most 5% more, ' +
    'and otherwise the smallest size under which no young generation was small. A larger size is advised only where it is shown to save 5% of CPU per ' +
    'message. The other releases of Node are npm packages under aliases.',
  profiles: [],
  takes,
  metrics: {
    'cpu-against-reference': { unit: 'x', better: 'lower' },
    'gc-against-reference': { unit: 'x', better: 'lower' },
    'resident-memory': { unit: 'MiB', better: 'lower' },
  },
  section: runtimeSection,
  settings: {
    default: { processes: 12 },
    smoke: { processes: 2 },
    brief: { processes: 4 },
    full: { processes: 40 },
  },
  lacks: () => lackText(findRuntimes().missing).map((text) => `${id}: ${text}`),
  blocks(entries, profile, { processes }) {
    const baseline = entries.find(({ role }) => role === 'baseline');
    if (baseline === undefined) return [];
    const { runtimes } = findRuntimes();
    const configurations = runtimes.flatMap(configurationsOf);
    const servers = configurations.length + runtimes.length;
    return Array.from({ length: processes }, (_, repetition): Block => ({
      key: `${id} ${repetition}`,
      label: id,
      repetition,
      expected: Math.max(QUIET, START * servers) + WARM * runtimes.length + MEASURE * configurations.length,
      run: () => oneOfEach(baseline, configurations, profile, profile.seed * 1000 + repetition),
    }));
  },
});

/**
 * One process of each configuration under one generator, measured one after the other; those with a quiet time are up
 * at once, so that they wait together. A process that fails is left out and reported, and so are those whose reference fails.
 */
async function oneOfEach(
  entry: Entry,
  configurations: readonly Configuration[],
  profile: Profile,
  seed: number,
): Promise<Outcome> {
  const order = shuffled(configurations, seeded(seed));
  const generator = await startGenerator();
  const waiting = new Map<Configuration, Ready>();
  const references = new Map<Runtime, Promise<RunningEntry>>();
  const referenceOf = (runtime: Runtime): Promise<RunningEntry> => {
    const reference = references.get(runtime) ?? prepareReference(entry, generator, runtime, profile);
    references.set(runtime, reference);
    return reference;
  };
  const samples: Outcome['samples'][number][] = [];
  const failed = new Map<Configuration, string>();
  const forEach = async (step: (each: Configuration) => Promise<void>): Promise<void> => {
    for (const each of order) {
      if (failed.has(each)) continue;
      try {
        await step(each);
      } catch (error) {
        failed.set(each, error instanceof Error ? error.message.split('\n', 1)[0]! : String(error));
      }
    }
  };
  try {
    await generator.keepTo(profile.cores?.generator);
    await forEach(async (each) => {
      await referenceOf(each.runtime);
      if (each.quiet > 0) waiting.set(each, await prepare(entry, generator, each, profile));
    });
    await forEach(async (each) => {
      const ready = waiting.get(each) ?? (await prepare(entry, generator, each, profile));
      const figures = await measure(ready, await referenceOf(each.runtime), profile, seed);
      samples.push(...figures.map((figure) => ({ ...figure, suite: id, entry: entryKeyOf(entry) })));
    });
    const failures = [...failed].map(
      ([
        {
          runtime: { release },
          semiSpace,
        },
        reason,
      ]) => `Node ${release}, young generation ${semiSpace}: ${reason}`,
    );
    return { samples, failures };
  } finally {
    const started = await Promise.allSettled(references.values());
    const others = started.flatMap((reference) => (reference.status === 'fulfilled' ? [reference.value] : []));
    const servers = [...[...waiting.values()].map(({ running }) => running), ...others];
    await Promise.all([generator.stop(), ...servers.map(({ server }) => server.stop())]);
  }
}
