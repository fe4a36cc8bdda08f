import { setTimeout as delay } from 'node:timers/promises';
import type { Generator } from '../../../harness/processes/generator.ts';
import { startServer } from '../../../harness/processes/server.ts';
import { Group, signIn, type RunningEntry } from '../../engine/group.ts';
import { scavengesOf } from '../../engine/heap-state.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { against, bySlice, type Figure } from '../../engine/slice-figures.ts';
import { SATURATED, takeSlices, type Taken } from '../../engine/time-slices.ts';
import { answered } from '../../engine/warm-up.ts';
import { type Configuration, EARLY, flagsOf, LATE } from './configurations.ts';

/** The time slices of both measurements, in seconds. */
const SLICES = { slice: 0.1, warmUp: 0, busyFrom: SATURATED, warm: true };
/** Few at first, because a small young generation may grow while it is measured. */
const ROUNDS = { [EARLY]: 3, [LATE]: 6 };

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
  const launch = { node: runtime.binary, flags: flagsOf(semiSpace), optimizesStart: true };
  const server = await startServer({ spec: entry.spec }, launch);
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
    await load(running, profile, LATE);
    return running;
  } catch (error) {
    await running.server.stop();
    throw error;
  }
}

/** The full load while nothing is measured. */
async function load(
  { server, generator }: RunningEntry,
  { connections, inFlight }: Profile,
  messages: number,
): Promise<void> {
  await generator.call.load(server.url, connections * inFlight);
  await answered(server.url, generator, messages);
  await generator.call.stop(server.url);
}

/** The figures of a process that gets the full load at once, when its quiet time is over; stops its server. */
export async function measure(
  { configuration, running, since }: Ready,
  reference: RunningEntry,
  profile: Profile,
  seed: number,
): Promise<Sample[]> {
  const { server } = running;
  const { semiSpace: youngGeneration, quiet } = configuration;
  try {
    await delay(Math.max(0, since + quiet * 1000 - Date.now()));
    const node = await server.call.version();
    const samples: Sample[] = [];
    for (const [after, before] of [[EARLY, 0] as const, [LATE, EARLY] as const]) {
      await load(running, profile, after - before);
      const figures = await measureOnce(running, reference, profile, { seed, rounds: ROUNDS[after] });
      samples.push(
        ...figures.map((figure) => ({ ...figure, params: { ...figure.params, node, youngGeneration, quiet, after } })),
      );
    }
    await running.generator.call.leave(server.url);
    return samples;
  } finally {
    await server.stop();
  }
}

const cpuOf: Figure = ({ count, cpu }) => cpu / count;
const garbageOf = ({ garbage, slices }: Taken): number =>
  garbage.ms / slices.reduce((messages, { count }) => messages + count, 0);

/** Slices of the process take turns with those of the reference, because a machine may be slow for some seconds. */
async function measureOnce(
  running: RunningEntry,
  reference: RunningEntry,
  profile: Profile,
  settings: { readonly seed: number; readonly rounds: number },
): Promise<Sample[]> {
  const { server, generator } = running;
  const { connections } = profile;
  const inFlight = connections * profile.inFlight;
  const servers = [reference, running];
  const all = await takeSlices(new Group(generator, servers), servers, {
    ...SLICES,
    ...settings,
    begin: (one) => generator.call.load(one.server.url, inFlight),
  });
  const [beside, taken] = [all.get(reference)!, all.get(running)!];
  const memory = await server.call.resident();
  const { slices, idle, garbage } = taken;
  const figureOf = (metric: Sample['metric'], value: number, reason: string | false): Sample => ({
    metric,
    value,
    params: { load: 'saturated', connections, inFlight },
    ...against(
      { ...taken, wrong: taken.wrong + beside.wrong, served: taken.served + beside.served },
      reason || undefined,
    ),
  });
  const notBusy = slices.length < idle && `the server was not saturated (${idle} of ${slices.length + idle} slices)`;
  const unseen = garbage.scavenges === 0 && 'nothing was collected in the measured slices';
  const { value, paired } = bySlice(taken, beside, cpuOf);
  const uncompared = notBusy || ((!paired || beside.slices.length < beside.idle) && 'the reference was not saturated');
  const uncollected = uncompared || unseen || (beside.garbage.ms === 0 && 'nothing was collected in the reference');
  // The size counts whether or not the server was saturated: a small one keeps it busier, and would count more often.
  return [
    figureOf('server-cpu-per-message', slices.length === 0 ? 0 : value, notBusy),
    figureOf('cpu-against-reference', paired?.ratio ?? 0, uncompared),
    figureOf('gc-against-reference', uncollected ? 0 : garbageOf(taken) / garbageOf(beside), uncollected),
    figureOf('young-generation', garbage.youngGeneration, unseen),
    figureOf('scavenges-per-megabyte', scavengesOf(taken), unseen),
    figureOf('resident-memory', memory / 1024, false),
  ];
}
