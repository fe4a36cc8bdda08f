import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, withoutRedis } from '../../../harness/processes/cluster.ts';
import type { EntrySpec } from '../../../harness/app/entry.ts';
import { type ClientFleet, startClientFleet } from '../../../harness/processes/client-fleet.ts';
import type { ClientFleetReport } from '../../../harness/processes/client-fleet-process.ts';
import type { Server } from '../../../harness/processes/server.ts';
import { wholeSecond } from '../../../strategies/shared/lifetimes.ts';
import type { Lifetimes } from '../../../strategies/strategy.ts';
import { stormSection } from './section.ts';
import { defineSuite, entryBlocks, type Suite } from '../suite.ts';
import type { Sample, Watch } from '../../model/sample.ts';
import { waveOf } from './wave.ts';

/** Signed in and connected before the credentials end: what 2 cores take for each client, in ms, with room. */
const ARRIVAL = 4;
/** How often it is asked whether all are in again, in ms. */
const LOOK = 500;
/** How often the store's commands are counted, in ms. */
const COUNT = 100;
/** Who is not back so long after a restart does not come back, in ms. */
const LONGEST_WAY_BACK = 60_000;

const id = 'storm';
const takes: Suite['takes'] = ['strategy'];

export default defineSuite<{ readonly sockets: number; readonly restartSockets: number }>({
  id,
  order: 90,
  title: 'When all credentials end at once, and when a node restarts',
  question:
    'What do the issuer, the store and the event loop take when everyone comes together, and who is signed out by it?',
  method:
    'At an expiry: the clock of the server stands still while everybody signs in, so that all credentials end in one moment; ' +
    'it runs on while they connect. From then on each client stays in as its strategy lets it, on one node over a Redis of its ' +
    'own. The peak is the fullest twentieth of the time between the first and the last request for a fresh credential, against ' +
    'their mean; calm is when the last one is connected with a fresh credential, from the end of the credentials on. ' +
    'At a restart: a node is ended by SIGKILL and started again at its address, over the same Redis, and its clients find their way back, with ' +
    'full jitter on their back-off or with none; the peak is that of the connections that come back, and calm is when the last one has, from when the node listens on. ' +
    'Who is not connected in the end, a lifetime after an expiry or a minute after a restart at the latest, was signed out falsely.',
  profiles: ['nodes'],
  ofNodes: true,
  takes,
  metrics: {
    'event-loop-delay-max': { unit: 'ms', better: 'lower' },
    'peak-over-mean': { unit: '', better: 'lower' },
    'peak-renewals': { unit: '1/s', better: 'lower' },
    'renewal-span': { unit: 'ms', better: 'lower' },
    'peak-connects': { unit: '1/s', better: 'lower' },
    'peak-store-commands': { unit: '1/s', better: 'lower' },
    'calm-after': { unit: 'ms', better: 'lower' },
    'false-logouts': { unit: '', better: 'lower' },
  },
  settings: {
    default: { sockets: 1000, restartSockets: 200 },
    smoke: { sockets: 50, restartSockets: 20 },
    nodes: { sockets: 10_000, restartSockets: 2000 },
  },
  missing: withoutRedis,
  limits: [
    'Figures of storms and of restarts are of one block each: they have no spread, and a difference between two rows may be noise.',
    'The clients of a storm are one process on the same cores: the peak is what they and the node get through together, and ' +
      "a store's peak is the fullest tenth of a second.",
  ],
  section: stormSection,
  blocks(entries, _profile, { sockets, restartSockets }) {
    const hardened = entries.filter(({ variant }) => variant === 'hardened');
    return [
      ...entryBlocks(
        { id, takes },
        `${sockets} sockets`,
        hardened.filter(({ httpEndpoints }) => httpEndpoints.includes('refresh')),
        1,
        { expected: 8 + (3 * ARRIVAL * sockets) / 1000 },
        async ({ spec, alike = [] }, _repetition, watch) => {
          const samples = await expiry(spec, sockets, watch);
          for (const each of alike) samples.push(...(await expiry(each, sockets, watch, 'no')));
          return samples;
        },
      ),
      ...entryBlocks(
        { id, takes },
        `restart, ${restartSockets} sockets`,
        hardened,
        1,
        { expected: 10 + (ARRIVAL * restartSockets) / 1000 },
        async ({ spec }, _repetition, watch) => [
          ...(await restart(spec, restartSockets, watch)),
          ...(await restart(spec, restartSockets, watch, 'no')),
        ],
      ),
    ];
  },
});

interface Storm {
  readonly cluster: Cluster;
  readonly fleet: ClientFleet;
  /** Begins to count the store's commands. What it returns ends that, and tells the most of them a second. */
  countCommands(): () => Promise<number>;
}

/** Starts one node and its clients, and always stops them. */
async function inStorm<T>(
  spec: EntrySpec,
  lifetimes: Partial<Lifetimes>,
  watch: Watch,
  use: (storm: Storm) => Promise<T>,
): Promise<T> {
  const cluster = await Cluster.start(spec, 1, lifetimes);
  const counting = new AbortController();
  let counted: Promise<unknown> = Promise.resolve();
  const countCommands = () => {
    const busiest = busiestOf(cluster, counting.signal);
    counted = busiest.catch(() => {});
    return () => {
      counting.abort();
      return busiest;
    };
  };
  try {
    const fleet = await startClientFleet();
    try {
      return await watch.during(() => use({ cluster, fleet, countCommands }));
    } finally {
      await fleet.stop();
    }
  } finally {
    counting.abort();
    await counted;
    await cluster.stop();
  }
}

function expiry(spec: EntrySpec, sockets: number, watch: Watch, jitter?: 'no'): Promise<Sample[]> {
  const accessToken = 5000 + 2 * ARRIVAL * sockets;
  const lifetimes = { accessToken, wsToken: accessToken };
  return inStorm(spec, lifetimes, watch, async ({ cluster, fleet, countCommands }) => {
    const server = cluster.servers[0]!;
    const users = await cluster.addUsers('guest', sockets);
    const issuedAt = await server.call.stopClock();
    await fleet.call.signIn(server.url, spec, users);
    await server.call.skew(0);
    const endsAt = wholeSecond(issuedAt + accessToken);
    await fleet.call.connect(server.url);
    await server.call.watch(true);
    const before = await server.call.sample();
    const busiest = countCommands();
    let report = await fleet.call.report();
    /** Clients that are still signed in: nobody else gets an answer. */
    const staying = () => sockets - countOf(report);
    const isCalm = () => report.connected === staying() && report.answers.length >= staying();
    while (!(isCalm() && Date.now() > endsAt + LOOK) && Date.now() < endsAt + accessToken) {
      await delay(LOOK);
      report = await fleet.call.report();
    }
    const peakCommands = await busiest();
    const { cpu } = await server.call.sample();
    const lastIn = Math.max(report.answers[staying() - 1] ?? 0, report.arrivals.at(-1) ?? 0);
    // A later request renews a credential that was issued after this end.
    const { span, peak, peakOverMean } = waveOf(report.renewals.filter((at) => at <= lastIn));
    const params = { after: 'expiry', sockets, lifetime: accessToken, ...(jitter && { jitter }) };
    const late = isCalm() ? {} : { void: 'it was not calm again within a lifetime' };
    return [
      { metric: 'peak-over-mean', value: peakOverMean, params, ...late },
      { metric: 'peak-renewals', value: peak, params, ...late },
      { metric: 'renewal-span', value: span, params, ...late },
      { metric: 'calm-after', value: Math.max(0, lastIn - endsAt), params, ...late },
      { metric: 'peak-store-commands', value: peakCommands, params },
      { metric: 'reconnects', value: report.reconnects / sockets, params },
      { metric: 'server-cpu-per-renewal', value: (cpu - before.cpu) / report.answers.length / 1000, params, ...late },
      ...(await outcomeOf(report, server, params)),
    ];
  });
}

function restart(spec: EntrySpec, sockets: number, watch: Watch, jitter?: 'no'): Promise<Sample[]> {
  return inStorm(spec, {}, watch, async ({ cluster, fleet, countCommands }) => {
    const [{ url } = { url: '' }] = cluster.servers;
    await fleet.call.signIn(url, spec, await cluster.addUsers('guest', sockets));
    await fleet.call.connect(url);
    if (jitter === 'no') await fleet.call.withoutJitter();
    const first = await fleet.call.report();
    const server = await cluster.restart(0);
    const upAt = Date.now();
    await server.call.watch(true);
    const busiest = countCommands();
    let report = await fleet.call.report();
    while (report.connected + countOf(report) < sockets && Date.now() < upAt + LONGEST_WAY_BACK) {
      await delay(COUNT);
      report = await fleet.call.report();
    }
    const peakCommands = await busiest();
    const back = report.arrivals.slice(first.arrivals.length);
    const { peak, peakOverMean } = waveOf(back);
    const params = { after: 'restart', sockets, ...(jitter && { jitter }) };
    return [
      { metric: 'peak-over-mean', value: peakOverMean, params },
      { metric: 'peak-connects', value: peak, params },
      { metric: 'peak-store-commands', value: peakCommands, params },
      { metric: 'renewals', value: (report.renewals.length - first.renewals.length) / sockets, params },
      { metric: 'calm-after', value: Math.max(0, (back.at(-1) ?? upAt) - upAt), params },
      ...(await outcomeOf(report, server, params)),
    ];
  });
}

const countOf = ({ loggedOut }: ClientFleetReport): number =>
  Object.values(loggedOut).reduce((sum, count) => sum + count, 0);

/** Who is out in the end, and why; and how the server's event loop fared since it was watched. */
async function outcomeOf(report: ClientFleetReport, server: Server, params: Sample['params']): Promise<Sample[]> {
  const { p99, max } = await server.call.loopDelay();
  const codes = Object.entries(report.loggedOut).map(([code, count]) => `${code} ${count}`);
  const out = Number(params['sockets']) - report.connected;
  return [
    { metric: 'false-logouts', value: out, params: { ...params, ...(codes.length > 0 && { code: codes.join(', ') }) } },
    { metric: 'event-loop-delay-p99', value: p99, params },
    { metric: 'event-loop-delay-max', value: max, params },
  ];
}

/** The most commands a second that the store was asked for until then. */
async function busiestOf(cluster: Cluster, signal: AbortSignal): Promise<number> {
  let [most, commands, at] = [0, await cluster.commands(), performance.now()];
  while (!signal.aborted) {
    await delay(COUNT);
    const [now, seen] = [performance.now(), await cluster.commands()];
    most = Math.max(most, (1000 * (seen - commands)) / (now - at));
    [commands, at] = [seen, now];
  }
  return most;
}
