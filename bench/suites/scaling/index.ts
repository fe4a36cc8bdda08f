import { createHash } from 'node:crypto';
import { seeded, shuffled } from '../../../harness/app/random.ts';
import { inTurn, type RunningEntry, signIn } from '../../engine/group.ts';
import type { Profile } from '../../model/profiles.ts';
import { type Entry, nameOf } from '../../model/entry.ts';
import { scalingCharts } from './charts.ts';
import { scalingSection } from './section.ts';
import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import type { Sample } from '../../model/sample.ts';
import { against } from '../../engine/slice-figures.ts';
import { oneSlice, SATURATED } from '../../engine/time-slices.ts';
import { warmOne } from '../../engine/warm-up.ts';

/** What is varied, at which values, while all else stays. */
interface Axis {
  readonly axis: 'in-flight' | 'connections' | 'claim-bytes';
  readonly values: readonly number[];
}

const axes: readonly Axis[] = [
  { axis: 'in-flight', values: [4, 8, 16, 32, 64, 128] },
  { axis: 'connections', values: [100, 500, 1000, 2500, 5000] },
  { axis: 'claim-bytes', values: [0, 400, 800, 1600] },
];

const IN_FLIGHT = 80;
const CONNECTIONS = 16;
/** Bytes of each role that is added to make a credential longer. */
const ROLE = 50;
const SETTLE = 150;
/** Seconds. */
const MEASURED = 0.6;

const id = 'scaling';
const takes: Suite['takes'] = ['strategy'];

export default defineSuite<{ readonly repetitions: number }>({
  id,
  order: 60,
  title: 'How the cost grows',
  question: 'What does a message cost with more messages in flight, more connections and larger credentials?',
  method:
    'One entry at a time, in a closed loop. One thing is varied, and the others are as in the message load. Each size of claims has a ' +
    'fresh server, as have the series of messages in flight and the series of connections; all share one generator, and ' +
    'all are warm before the first one is measured. ' +
    'Messages in flight and claims come in an order drawn for each entry and repetition; connections always rise. With ' +
    'few messages in flight the server need not be saturated; a figure of the other axes is void where it was busy for ' +
    'less than 95%. A probe tries its luck beside each figure. The law is fitted to all values but one, and its error is told on that one.',
  profiles: ['full'],
  takes,
  settings: {
    default: { repetitions: 1 },
  },
  limits: [
    'Each entry is measured once, and not at the same time as the others. The machine has slow minutes, so compare the values of one entry, not those of two entries.',
  ],
  section: scalingSection,
  charts: scalingCharts,
  blocks: (entries, profile, { repetitions }) =>
    entryBlocks(
      { id, takes },
      'all axes',
      entries.filter(({ role }) => role === 'baseline' || role === 'strategy'),
      repetitions,
      { expected: 33 },
      (entry, repetition) => measure(entry, profile, seedOf(profile.seed, entry, repetition)),
    ),
});

/** Differs by entry and repetition, and is the same whenever these are. */
const seedOf = (seed: number, entry: Entry, repetition: number): number =>
  createHash('sha256')
    .update(`${seed} ${nameOf(entry)} ${repetition}`)
    .digest()
    .readInt32LE();

async function measure(entry: Entry, { cores }: Profile, seed: number): Promise<Sample[]> {
  const random = seeded(seed);
  const valuesOf = (axis: Axis['axis']) => axes.find((one) => one.axis === axis)!.values;
  const inFlight = shuffled(valuesOf('in-flight'), random);
  const claims = shuffled(valuesOf('claim-bytes'), random);
  // Connections can be added to a server, but those that leave, leave traces.
  const connections = valuesOf('connections').toSorted((a, b) => a - b);
  const samples = await inTurn(entry, { cores }, [
    { prepare: (running) => join(running, 0), measure: (running) => withInFlight(running, inFlight) },
    ...claims.map((bytes) => ({
      prepare: (running: RunningEntry) => join(running, bytes),
      measure: (running: RunningEntry) => withClaims(running, bytes),
    })),
    {
      prepare: (running) => joinMany(running, connections),
      measure: (running) => withConnections(running, connections),
    },
  ]);
  return samples.flat();
}

async function withInFlight(running: RunningEntry, values: readonly number[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const value of values) {
    samples.push(await cost(running, value, { axis: 'in-flight', value, connections: CONNECTIONS }));
  }
  return samples;
}

const withClaims = async (running: RunningEntry, value: number): Promise<Sample[]> => [
  await cost(running, IN_FLIGHT, { axis: 'claim-bytes', value, connections: CONNECTIONS }),
];

async function withConnections(running: RunningEntry, rising: readonly number[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const value of rising) {
    await running.generator.call.connect(running.server.url, value);
    samples.push(await cost(running, IN_FLIGHT, { axis: 'connections', value, connections: value }));
  }
  return samples;
}

/** Signs in as many clients as there will be connections at most, and warms up with the fewest. */
async function joinMany(running: RunningEntry, rising: readonly number[]): Promise<void> {
  await signIn(running, rising.at(-1)!);
  await warmOne(running, { connections: rising[0]!, inFlight: IN_FLIGHT });
}

/** Signs in clients whose credentials are longer by so many bytes, and warms up with them. */
async function join(running: RunningEntry, bytes: number): Promise<void> {
  const roles = Array.from({ length: bytes / ROLE }, (_, index) => `${index}`.padStart(ROLE - 3, 'r'));
  await signIn(running, CONNECTIONS, roles);
  await warmOne(running, { connections: CONNECTIONS, inFlight: IN_FLIGHT });
}

/** Of a closed loop with that many messages in flight over all connections. */
async function cost(running: RunningEntry, inFlight: number, params: Sample['params']): Promise<Sample> {
  const begin = ({ server, generator }: RunningEntry) => generator.call.load(server.url, inFlight);
  const slice = await oneSlice(running, { begin, ramp: SETTLE }, MEASURED, 0);
  const { cpu, count, utilization } = slice;
  const one = { ...slice, slices: [{ ...slice, turn: 0 }], idle: 0 };
  return {
    metric: 'server-cpu-per-message',
    value: count === 0 ? 0 : cpu / count,
    params: { load: 'closed loop', inFlight, ...params },
    ...against(one, params['axis'] === 'in-flight' || utilization >= SATURATED ? undefined : notSaturated(utilization)),
  };
}

const notSaturated = (utilization: number): string =>
  `the server was not saturated (busy for ${Math.round(100 * utilization)}%)`;
