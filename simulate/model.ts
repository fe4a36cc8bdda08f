import { seeded } from '../harness/app/random.ts';
import { rankOf } from '../bench/stats/statistics.ts';
import { waveOf } from '../bench/suites/storm/wave.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import type { Costs } from './costs.ts';
import { exponential, poisson, Station, Timeline } from './engine.ts';

/** What is simulated. Times in ms. */
export interface Setting {
  readonly costs: Costs;
  readonly nodes: number;
  readonly connections: number;
  /** Each connection's: messages and sign-outs a second, and how long it stays. */
  readonly messages: number;
  readonly signOuts: number;
  readonly stays: number;
  readonly lifetime: number;
  /** One way between two processes. */
  readonly hop: number;
  /** Cores that all nodes share; one for each node where it is absent. */
  readonly cores?: number;
  /** Other nodes that are told of a sign-out; all of them where it is absent. */
  readonly reach?: number;
  /** Between two sweeps of a node, in seconds; 1 is what was measured. */
  readonly sweep?: number;
  /** Redis processes, by which the users are divided. */
  readonly stores: number;
  readonly seed: number;
}

export interface Steady {
  /** How busy a node's core, and a store, would have to be; from 1 on its queue grows for ever. */
  readonly node: number;
  readonly store: number;
  /** Store commands a second, of all. */
  readonly commands: number;
  /** From a sign-out to the end of the connection on another node, in ms; undefined where nobody signs out. */
  readonly staleness: { readonly p50: number; readonly p99: number } | undefined;
}

/** Load is stationary; simulated nodes are alike, so that a few of them stand for all. */
const SIMULATED = 4;
/** Before a sign-out is followed, in ms: queues begin empty. */
const WARM_UP = 1000;
/** Sign-outs that are followed from end to end, however long it takes until there were as many. */
const FOLLOWED = 1000;
/** Between two of them, in ms, at most: after so long no queue remembers the first, and what would come until the next is left out. */
const FORGOTTEN = 100;

/**
 * A day like any other: messages, comings and goings, renewals, and sign-outs that other nodes hear of. Of two nodes or
 * more.
 */
export function steady(setting: Setting): Steady {
  const { costs, nodes, connections, stores, hop, cores } = setting;
  if (nodes < 2) throw new TypeError('One node has nobody to tell');
  const rates = ratesOf(setting);
  const random = seeded(setting.seed);
  const timeline = new Timeline();
  const kept = Math.min(nodes, SIMULATED);
  const shared = cores === undefined ? undefined : new Station(timeline, cores);
  const stations = Array.from({ length: kept }, () => shared ?? new Station(timeline));
  const store = new Station(timeline);
  const loads = loadsOf(setting);
  if (rates.signOut === 0) return { ...loads, staleness: undefined };
  if (loads.node >= 1 || loads.store >= 1) return { ...loads, staleness: { p50: Infinity, p99: Infinity } };
  const { signOut, command } = costs;
  const busy = (mean: number): number => exponential(mean, random);
  for (const station of stations) {
    const share = connections / nodes;
    poisson(timeline, share * rates.message, random, () => station.serve(busy(costs.message)));
    poisson(timeline, share * rates.connect, random, () => station.serve(busy(costs.connect)));
    poisson(timeline, share * rates.renewal, random, () => station.serve(busy(costs.renewal)));
  }
  // The store hears everyone, and not the simulated nodes alone.
  const perStore = connections / stores;
  const { message: asking = 0 } = costs.commands;
  poisson(timeline, perStore * rates.rareMessage, random, () => store.serve(busy(asking * command)));
  poisson(timeline, perStore * rates.connect, random, () => store.serve(busy(costs.commands.connect * command)));
  poisson(timeline, perStore * rates.renewal, random, () => store.serve(busy(costs.commands.renewal * command)));
  const { reach = nodes - 1 } = setting;
  const everywhere = connections * rates.signOut;
  const followed = Math.min(everywhere, 1000 / FORGOTTEN);
  // All others are load, each where it falls.
  const others = everywhere - followed;
  for (const station of stations) {
    poisson(timeline, others / nodes, random, () => station.serve(busy(signOut.cpu.once)));
    poisson(timeline, (others * reach) / nodes, random, () => station.serve(busy(signOut.cpu.perNode)));
  }
  const acknowledge = (): void => store.serve(busy(signOut.commands.perNode * command * reach));
  poisson(timeline, others / stores, random, () => store.serve(busy(signOut.commands.once * command), acknowledge));
  const ends: number[] = [];
  const tell = (from: number, origin: number, target: number): void => {
    for (const [index, station] of stations.entries()) {
      if (index === origin || (index !== target && random() >= (reach - 1) / (nodes - 2))) continue;
      timeline.after(hop, () =>
        station.serve(busy(signOut.cpu.perNode), () => {
          if (index === target && from >= WARM_UP) timeline.after(hop, () => ends.push(timeline.now - from));
        }),
      );
    }
    acknowledge();
  };
  const follow = (): void => {
    const from = timeline.now;
    const origin = Math.floor(random() * kept);
    const target = (origin + 1 + Math.floor(random() * (kept - 1))) % kept;
    stations[origin]!.serve(busy(signOut.cpu.once), () =>
      store.serve(busy(signOut.commands.once * command), () => tell(from, origin, target)),
    );
  };
  poisson(timeline, followed, random, follow, FORGOTTEN);
  timeline.runWhile(() => ends.length < FOLLOWED);
  const sorted = ends.toSorted((a, b) => a - b);
  return { ...loads, staleness: { p50: rankOf(sorted, 0.5)!, p99: rankOf(sorted, 0.99)! } };
}

/** A connection's, a second. */
const ratesOf = ({ messages, signOuts, stays, lifetime }: Setting) => ({
  message: messages,
  /** What a message asked of the store holds for so long, and what comes meanwhile asks for nothing. */
  rareMessage: messages / (1 + (messages * defaultLifetimes.sessionStaleness) / 1000),
  connect: 1000 / stays,
  renewal: 1000 / lifetime,
  signOut: signOuts,
});

/**
 * What is asked of a node's core and of a store, and commands a second of all stores: sums, with no chance in them. What
 * was not measured is taken for nothing.
 */
export function loadsOf(setting: Setting): Pick<Steady, 'node' | 'store' | 'commands'> {
  const { costs, nodes, connections, stores, cores = nodes, reach = nodes - 1, sweep = 1 } = setting;
  const { message, rareMessage, connect, renewal, signOut } = ratesOf(setting);
  const told = signOut * reach;
  const { cpu, commands } = costs.signOut;
  const perConnection =
    message * costs.message +
    connect * costs.connect +
    renewal * costs.renewal +
    signOut * cpu.once +
    told * cpu.perNode;
  const asked =
    connections *
      (rareMessage * (costs.commands.message ?? 0) +
        connect * costs.commands.connect +
        renewal * costs.commands.renewal +
        signOut * commands.once +
        told * commands.perNode) +
    (nodes * stores * costs.commands.idleSecond) / sweep;
  return {
    node: (connections * perConnection) / 1000 / cores,
    store: (asked * costs.command) / 1000 / stores,
    commands: asked,
  };
}

export interface Storm {
  /** Requests for a fresh credential a second at the peak, of all nodes, and that against the mean. */
  readonly peak: number;
  readonly peakOverMean: number;
  /** From the first request to the last answer, in ms. */
  readonly calm: number;
}

/**
 * Everyone's credential ends in one moment. `ahead`: between which parts of a lifetime before it they are asked to renew;
 * one node stands for all, and no other work is done. Nobody is cut, however long an answer takes.
 */
export function mass(setting: Setting, ahead: readonly [number, number]): Storm {
  const { costs, nodes, connections, lifetime, seed } = setting;
  const random = seeded(seed);
  const timeline = new Timeline();
  const node = new Station(timeline);
  const asked: number[] = [];
  let answered = 0;
  const share = Math.max(1, Math.round(connections / nodes));
  const [from, to] = ahead;
  for (let index = 0; index < share; index++) {
    timeline.after(lifetime * (1 - from - random() * (to - from)), () => {
      asked.push(timeline.now);
      node.serve(exponential(costs.renewal, random), () => (answered = timeline.now));
    });
  }
  timeline.runUntil(lifetime + 2 * share * costs.renewal + 1000);
  const { peak, peakOverMean } = waveOf(asked);
  return { peak: peak * nodes, peakOverMean, calm: answered - (asked[0] ?? 0) };
}
