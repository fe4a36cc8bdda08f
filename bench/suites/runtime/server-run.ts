import { setTimeout as delay } from 'node:timers/promises';
import type { Generator } from '../../../harness/processes/generator.ts';
import { youngGeneration } from '../../../harness/processes/launch.ts';
import { startServer } from '../../../harness/processes/server.ts';
import { Group, signIn, type RunningEntry } from '../../engine/group.ts';
import { scavengesOf } from '../../engine/heap-state.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { against, medianOf } from '../../engine/slice-figures.ts';
import { SATURATED, takeSlices } from '../../engine/time-slices.ts';
import { answered } from '../../engine/warm-up.ts';
import type { Configuration } from './configurations.ts';

/** Messages of full load before anything is measured: by then V8 has compiled what they need, and sized the young generation. */
const WARM_UP = 20_000;
/** The measured time slices, in seconds. */
const SLICES = { rounds: 6, slice: 0.1, warmUp: 0, busyFrom: SATURATED };

/** A fresh server process whose clients are signed in and connected. */
export interface Ready {
  readonly configuration: Configuration;
  readonly running: RunningEntry;
  readonly group: Group;
  /** ms since the epoch */
  readonly since: number;
}

/** Starts a server process, and signs its clients in. */
export async function prepare(
  entry: Entry,
  generator: Generator,
  configuration: Configuration,
  { connections, cores }: Profile,
): Promise<Ready> {
  const { runtime, semiSpace } = configuration;
  const flags = semiSpace === 'default' ? [] : youngGeneration(semiSpace);
  const server = await startServer({ spec: entry.spec }, { node: runtime.binary, flags });
  try {
    await server.keepTo(cores?.servers);
    const running = { entry, server, generator };
    const group = new Group(generator, [running]);
    await generator.call.aim(server.url, entry.spec);
    await signIn(running, connections);
    await generator.call.connect(server.url, connections);
    return { configuration, running, group, since: Date.now() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The figures of a process that gets the full load at once, when its quiet time is over; stops its server. */
export async function measure(
  { configuration: { semiSpace, quiet }, running, group, since }: Ready,
  { connections, inFlight }: Profile,
  seed: number,
): Promise<Sample[]> {
  const { server, generator } = running;
  const { url, call } = server;
  try {
    await delay(Math.max(0, since + quiet * 1000 - Date.now()));
    const total = connections * inFlight;
    const begin = () => generator.call.load(url, total);
    await begin();
    await answered(url, generator, WARM_UP);
    await generator.call.stop(url);
    const taken = (await takeSlices(group, [running], { ...SLICES, seed, begin })).get(running)!;
    const [memory, node] = await Promise.all([call.resident(), call.version()]);
    await generator.call.leave(url);
    const { slices, idle, garbage } = taken;
    const params = { load: 'saturated', connections, inFlight: total, node, youngGeneration: semiSpace, quiet };
    const figureOf = (metric: Sample['metric'], value: number, reason: string | false): Sample => ({
      metric,
      value,
      params,
      ...against(taken, reason || undefined),
    });
    const notBusy = slices.length < idle && `the server was not saturated (${idle} of ${slices.length + idle} slices)`;
    const unseen = garbage.scavenges === 0 && 'nothing was collected in the measured slices';
    // The size counts whether or not the server was saturated: a small one keeps it busier, and would count more often.
    return [
      figureOf(
        'server-cpu-per-message',
        slices.length === 0 ? 0 : medianOf(taken, (slice) => slice.cpu / slice.count),
        notBusy,
      ),
      figureOf('young-generation', garbage.youngGeneration, unseen),
      figureOf('scavenges-per-megabyte', scavengesOf(taken), unseen),
      figureOf('resident-memory', memory / 1024, false),
    ];
  } finally {
    await server.stop();
  }
}
