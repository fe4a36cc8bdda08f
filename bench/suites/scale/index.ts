import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, withoutRedis } from '../../../harness/processes/cluster.ts';
import { clientHalfOf } from '../../../harness/app/client-half.ts';
import { inLanes } from '../../../harness/app/lanes.ts';
import { signInAll } from '../../../harness/app/sign-in.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../../strategies/strategy.ts';
import { rankOf } from '../../stats/statistics.ts';
import type { Entry } from '../../model/entry.ts';
import { scaleSection } from './section.ts';
import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import type { Sample, Watch } from '../../model/sample.ts';
import { serveAll } from './load.ts';

const NODES = [1, 2, 4];
/** A sweep is a second: who was not cut by two of them stays. */
const SURVIVES = 2500;
/** What is watched is what the nodes do by themselves, too: their sweeps and heartbeats, for so long, in ms. */
const IDLE = 1000;
/** For so long, in ms: one sweep more or less is little of it. */
const IDLE_WATCH = 5000;
/** After so long, in ms, a message finds nothing that an earlier one left behind. */
const RARE = 1100;
/** Renewals under way at a time. */
const LANES = 10;

interface ScaleSettings {
  readonly probes: number;
  readonly seconds: number;
}

const id = 'scale';
const takes: Suite['takes'] = ['strategy'];

export default defineSuite<ScaleSettings>({
  id,
  order: 70,
  title: 'On several nodes',
  question:
    'What does it take to be the same application on several nodes, and how fast do all of them hear of an end?',
  method:
    'Nodes are processes with one secret and one Redis of their own, on the same cores: more of them are not faster here, and ' +
    'absolute rates say nothing of a cluster. A client signs in on the first node and is connected to the last; the ' +
    'time runs from its sign-out on the first to the end of that connection, both seen by the client. Store commands are ' +
    'those that Redis counts, scripts and what they run included, less what the nodes do while nothing happens. A ' +
    'renewal is in band where the strategy can, and a refresh and a new connection where it cannot. Messages and ' +
    'connections come from one closed loop over all nodes together, and their CPU is that of all nodes.',
  profiles: ['nodes'],
  ofNodes: true,
  takes,
  metrics: {
    'revocation-p50': { unit: 'ms', better: 'lower' },
    'revocation-p99': { unit: 'ms', better: 'lower' },
    'revocation-max': { unit: 'ms', better: 'lower' },
    'surviving-sockets': { unit: '', better: 'lower' },
    'store-commands': { unit: '', better: 'lower' },
    'store-cpu-per-command': { unit: 'us', better: 'lower' },
    'server-cpu-per-sign-out': { unit: 'ms', better: 'lower' },
  },
  settings: {
    default: { probes: 40, seconds: 0.5 },
    smoke: { probes: 5, seconds: 0.2 },
    nodes: { probes: 100, seconds: 3 },
  },
  missing: withoutRedis,
  limits: [
    'Figures of several nodes are of one block each: they have no spread, and a difference between two rows may be noise.',
    'Nodes, their store and their clients share the cores: more nodes make a full machine fuller, and CPU that grows with ' +
      'their number is in part that.',
  ],
  section: scaleSection,
  blocks: (entries, _profile, { probes, seconds }) =>
    NODES.flatMap((nodes) =>
      entryBlocks(
        { id, takes },
        `${nodes} nodes`,
        entries.filter(({ variant }) => variant === 'hardened'),
        1,
        { expected: 8 + nodes + probes / 15 + 4 * seconds },
        (entry, _repetition, watch) => measure(entry, nodes, { probes, seconds }, watch),
      ),
    ),
});

interface Guest {
  readonly client: StrategyClient;
  readonly socket: AuthSocket;
}

async function measure(
  entry: Entry,
  nodes: number,
  { probes, seconds }: ScaleSettings,
  watch: Watch,
): Promise<Sample[]> {
  const { createClient } = await clientHalfOf(entry.spec);
  const cluster = await Cluster.start(entry.spec, nodes);
  const guests: Guest[] = [];
  try {
    const users = await cluster.addUsers('guest', probes);
    const clients = await signInAll(users, () => createClient({ url: cluster.servers[0]!.url }));
    await delay(IDLE);
    const idle = await storeRate(cluster);
    const counted = async (op: string, run: () => Promise<void>): Promise<Sample> => {
      const [before, from] = [await cluster.commands(), performance.now()];
      await run();
      const spent = (await cluster.commands()) - before - (idle * (performance.now() - from)) / 1000;
      return { metric: 'store-commands', value: Math.max(0, spent / probes), params: { op, nodes } };
    };
    const connects = await counted('connect', async () => {
      for (const client of clients) {
        const socket = await AuthSocket.connect(client, `${cluster.servers.at(-1)!.url}/chat`);
        guests.push({ client, socket });
      }
    });
    const samples = [connects];
    await delay(RARE);
    samples.push(
      await counted('rare message', async () => {
        for (const { socket } of guests) await socket.request('sendMessage', { text: 'ping' });
      }),
    );
    samples.push({
      metric: 'admitted-elsewhere',
      value: (100 * guests.filter(({ socket }) => socket.socket.connected).length) / probes,
      params: { nodes, store: 'redis' },
    });
    samples.push({ metric: 'store-commands', value: idle / nodes, params: { op: 'idle second', nodes } });
    samples.push(...(await serveAll(entry, cluster, seconds)));
    if (entry.httpEndpoints.includes('refresh')) samples.push(...(await renew(cluster, guests, nodes, counted)));
    const ends: number[] = [];
    const [cpu, storeCpu, asked] = await Promise.all([cluster.cpu(), cluster.storeCpu(), cluster.commands()]);
    const revocations = await counted('sign-out', () =>
      watch.during(async () => {
        for (const guest of guests) ends.push(await endOf(guest));
      }),
    );
    const [cpuThen, storeThen, askedThen] = await Promise.all([cluster.cpu(), cluster.storeCpu(), cluster.commands()]);
    samples.push(
      { metric: 'server-cpu-per-sign-out', value: (cpuThen - cpu) / probes / 1000, params: { nodes } },
      { metric: 'store-cpu-per-command', value: (storeThen - storeCpu) / (askedThen - asked), params: { nodes } },
    );
    return [...samples, revocations, ...revocationSamples(ends, nodes)];
  } finally {
    for (const { socket } of guests) socket.close();
    await cluster.stop();
  }
}

/** Commands a second, while nothing happens. */
async function storeRate(cluster: Cluster): Promise<number> {
  const [before, from] = [await cluster.commands(), performance.now()];
  await delay(IDLE_WATCH);
  return ((await cluster.commands()) - before) / ((performance.now() - from) / 1000);
}

async function renew(
  cluster: Cluster,
  guests: readonly Guest[],
  nodes: number,
  counted: (op: string, run: () => Promise<void>) => Promise<Sample>,
): Promise<Sample[]> {
  const cpu = await cluster.cpu();
  const commands = await counted('renewal', () => inLanes(guests, LANES, ({ socket }) => socket.renew()));
  const spent = (await cluster.cpu()) - cpu;
  return [commands, { metric: 'server-cpu-per-renewal', value: spent / guests.length / 1000, params: { nodes } }];
}

/** From a sign-out on the first node to the end of a connection on the last, in ms; Infinity where it survives. */
async function endOf({ client, socket }: Guest): Promise<number> {
  const ended = new Promise<number>((resolve) => socket.socket.once('disconnect', () => resolve(performance.now())));
  const from = performance.now();
  await client.signOut();
  const at = await Promise.race([ended, delay(SURVIVES, Infinity, { ref: false })]);
  return at - from;
}

function revocationSamples(ends: readonly number[], nodes: number): Sample[] {
  const told = ends.filter(Number.isFinite).toSorted((a, b) => a - b);
  const survivors = ends.length - told.length;
  const params = { nodes, probes: ends.length };
  const lost = told.length === 0 ? { void: 'no connection ended' } : {};
  return [
    { metric: 'revocation-p50', value: rankOf(told, 0.5) ?? 0, params, ...lost },
    { metric: 'revocation-p99', value: rankOf(told, 0.99) ?? 0, params, ...lost },
    { metric: 'revocation-max', value: told.at(-1) ?? 0, params, ...lost },
    { metric: 'surviving-sockets', value: survivors, params },
  ];
}
