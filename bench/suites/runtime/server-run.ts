import { setTimeout as delay } from 'node:timers/promises';
import type { Generator } from '../../../harness/processes/generator.ts';
import { youngGeneration } from '../../../harness/processes/launch.ts';
import { startServer } from '../../../harness/processes/server.ts';
import { Group, signIn, type RunningEntry } from '../../engine/group.ts';
import { scavengesOf } from '../../engine/heap-state.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { against, bySlice, type Figure } from '../../engine/slice-figures.ts';
import { SATURATED, takeSlices } from '../../engine/time-slices.ts';
import { answered } from '../../engine/warm-up.ts';
import type { Configuration } from './configurations.ts';

/** Messages of full load before anything is measured: by then V8 has compiled what they need, and sized the young generation. */
const WARM_UP = 20_000;
/** The measured time slices, in seconds. */
const SLICES = { rounds: 6, slice: 0.1, warmUp: 0, busyFrom: SATURATED, warm: true };

/** A fresh server process whose clients are signed in and connected. */
export interface Ready {
  readonly configuration: Configuration;
  readonly running: RunningEntry;
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
    await generator.call.aim(server.url, entry.spec);
    await signIn(running, connections);
    await generator.call.connect(server.url, connections);
    return { configuration, running, since: Date.now() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A server of the same Node with 16 MiB, warm, that the others of its round are compared with. */
export async function prepareReference(
  entry: Entry,
  generator: Generator,
  runtime: Configuration['runtime'],
  profile: Profile,
): Promise<RunningEntry> {
  const { running } = await prepare(entry, generator, { runtime, semiSpace: 16, quiet: 0 }, profile);
  try {
    await loadFirst(running, profile);
    return running;
  } catch (error) {
    await running.server.stop();
    throw error;
  }
}

/** The full load for as long as nothing is measured. */
async function loadFirst({ server, generator }: RunningEntry, { connections, inFlight }: Profile): Promise<void> {
  await generator.call.load(server.url, connections * inFlight);
  await answered(server.url, generator, WARM_UP);
  await generator.call.stop(server.url);
}

const cpuOf: Figure = ({ count, cpu }) => cpu / count;

/**
 * The figures of a process that gets the full load at once, when its quiet time is over; stops its server. Its slices take turns
 * with those of the reference, because a machine may be slow for some seconds.
 */
export async function measure(
  { configuration: { semiSpace, quiet }, running, since }: Ready,
  reference: RunningEntry,
  profile: Profile,
  seed: number,
): Promise<Sample[]> {
  const { server, generator } = running;
  const inFlight = profile.connections * profile.inFlight;
  try {
    await delay(Math.max(0, since + quiet * 1000 - Date.now()));
    await loadFirst(running, profile);
    const begin = (one: RunningEntry) => generator.call.load(one.server.url, inFlight);
    const servers = [reference, running];
    const all = await takeSlices(new Group(generator, servers), servers, { ...SLICES, seed, begin });
    const [beside, taken] = [all.get(reference)!, all.get(running)!];
    const [memory, node] = await Promise.all([server.call.resident(), server.call.version()]);
    await generator.call.leave(server.url);
    const { slices, idle, garbage } = taken;
    const { connections } = profile;
    const params = { load: 'saturated', connections, inFlight, node, youngGeneration: semiSpace, quiet };
    const figureOf = (metric: Sample['metric'], value: number, reason: string | false): Sample => ({
      metric,
      value,
      params,
      ...against(taken, reason || undefined),
    });
    const notBusy = slices.length < idle && `the server was not saturated (${idle} of ${slices.length + idle} slices)`;
    const unseen = garbage.scavenges === 0 && 'nothing was collected in the measured slices';
    const { value, paired } = bySlice(taken, beside, cpuOf);
    // The size counts whether or not the server was saturated: a small one keeps it busier, and would count more often.
    return [
      figureOf('server-cpu-per-message', slices.length === 0 ? 0 : value, notBusy),
      figureOf('cpu-against-reference', paired?.ratio ?? 0, notBusy || (!paired && 'the reference was not saturated')),
      figureOf('young-generation', garbage.youngGeneration, unseen),
      figureOf('scavenges-per-megabyte', scavengesOf(taken), unseen),
      figureOf('resident-memory', memory / 1024, false),
    ];
  } finally {
    await server.stop();
  }
}
