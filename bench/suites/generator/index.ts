import { setTimeout as delay } from 'node:timers/promises';
import type { BareClientHandlers } from '../../../harness/processes/bare-client-process.ts';
import { type Generator, startGenerator } from '../../../harness/processes/generator.ts';
import { Child } from '../../../harness/processes/rpc.ts';
import { startServer } from '../../../harness/processes/server.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Block, Outcome } from '../../model/sample.ts';
import { generatorSection } from './section.ts';
import { defineSuite, type Suite } from '../suite.ts';

const id = 'generator';
const SERVER = { kind: 'platform-layer', id: 'socket-io' } as const;
const ROUNDS = 4;
/** The fewest blocks that give an interval. */
const MOST_BLOCKS = 6;
const WARM_UP = 800;
const SLICE = 500;

const takes: Suite['takes'] = [];

export default defineSuite({
  id,
  order: 100,
  title: 'What the load generator costs',
  question: 'Does the generator get in the way of what it measures?',
  method:
    'CPU of the generating process over its messages, against the least that socket.io-client can do: the same closed ' +
    'loop on the same Socket.IO server, in slices. What the generator adds is that every answer is checked and timed.',
  profiles: ['full'],
  takes,
  metrics: {
    'generator-cpu-per-message': { unit: 'us', better: 'lower' },
  },
  section: generatorSection,
  settings: { default: {} },
  blocks: (_entries, profile) =>
    Array.from({ length: Math.min(profile.repetitions, MOST_BLOCKS) }, (_, repetition): Block => ({
      key: `${id} ${repetition}`,
      label: id,
      repetition,
      expected: 3 + (2 * (WARM_UP + ROUNDS * (SLICE + 60))) / 1000,
      run: () => measure(profile),
    })),
});

interface Loader {
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
  used(): Promise<{ count: number; cpu: number }>;
}

async function measure({ connections, inFlight, cores }: Profile): Promise<Outcome> {
  const server = await startServer({ spec: SERVER });
  const own = await startGenerator();
  const bare = await Child.start<BareClientHandlers>(
    '../../../harness/processes/bare-client-process.js',
    import.meta.url,
  );
  try {
    await server.keepTo(cores?.servers);
    await Promise.all([own, bare].map((client) => client.keepTo(cores?.generator)));
    await own.call.aim(server.url, SERVER);
    await own.call.signIn(server.url, await server.call.addUsers('client', connections));
    await own.call.connect(server.url, connections);
    await bare.call.connect(server.url, connections);
    const loaders = {
      'socket.io-client': bareLoader(bare, inFlight),
      generator: ownLoader(own, server.url, connections * inFlight),
    };
    const costs = await costsOf(Object.values(loaders));
    const samples = Object.keys(loaders).map((strategy, index) => ({
      suite: id,
      entry: { role: index === 0 ? 'baseline' : 'control', strategy, variant: null } as const,
      metric: 'generator-cpu-per-message' as const,
      value: costs[index]!,
      params: { load: 'saturated', connections, inFlight: connections * inFlight },
    }));
    return { samples };
  } finally {
    await Promise.all([server.stop(), own.stop(), bare.stop()]);
  }
}

const bareLoader = ({ call }: Child<BareClientHandlers>, inFlight: number): Loader => ({
  begin: () => call.load(inFlight),
  end: () => call.stop(),
  used: () => call.used(),
});

const ownLoader = ({ call }: Generator, url: string, inFlight: number): Loader => ({
  // Asleep where it waits, as the other is.
  begin: () => call.load(url, inFlight, false),
  end: () => call.stop(url),
  used: () => call.sample(url),
});

/** us of CPU a message, of each. */
async function costsOf(loaders: readonly Loader[]): Promise<number[]> {
  const sums = loaders.map(() => ({ count: 0, cpu: 0 }));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, loader] of loaders.entries()) {
      await loader.begin();
      const before = await loader.used();
      await delay(round < 0 ? WARM_UP : SLICE);
      const after = await loader.used();
      await loader.end();
      await delay(50);
      if (round < 0) continue;
      sums[index]!.count += after.count - before.count;
      sums[index]!.cpu += after.cpu - before.cpu;
    }
  }
  return sums.map(({ count, cpu }) => cpu / count);
}
