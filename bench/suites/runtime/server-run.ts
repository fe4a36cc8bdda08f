import { setTimeout as delay } from 'node:timers/promises';
import type { Generator } from '../../../harness/generator.ts';
import { youngGeneration } from '../../../harness/launch.ts';
import { startServer } from '../../../harness/server.ts';
import { Field, type Stall } from '../../field.ts';
import { scavengesOf } from '../../heap-state.ts';
import type { Profile } from '../../profiles.ts';
import type { Arm, Sample } from '../../suite.ts';
import { against, medianOf, SATURATED, takeTurns } from '../../turns.ts';
import { answered } from '../../warm-up.ts';
import type { Configuration } from './configurations.ts';

/** Messages of full load before anything is measured: by then V8 has compiled what they need, and sized the young generation. */
const WARM_UP = 20_000;
/** The measured time slices, in seconds. */
const SLICES = { rounds: 6, turn: 0.1, warmUp: 0, busyFrom: SATURATED };

/** A fresh server process whose clients are signed in and connected. */
export interface Ready {
  readonly configuration: Configuration;
  readonly stall: Stall;
  readonly field: Field;
  /** ms since the epoch */
  readonly since: number;
}

/** Starts a server process, and signs its clients in. */
export async function prepare(
  arm: Arm,
  generator: Generator,
  configuration: Configuration,
  { connections, cores }: Profile,
): Promise<Ready> {
  const { runtime, semiSpace } = configuration;
  const flags = semiSpace === 'default' ? [] : youngGeneration(semiSpace);
  const server = await startServer({ contender: arm.contender }, { node: runtime.binary, flags });
  try {
    await server.keepTo(cores?.servers);
    const stall = { arm, server, generator };
    const field = new Field(generator, [stall]);
    await generator.call.aim(server.url, arm.contender);
    await field.signIn(connections);
    await generator.call.connect(server.url, connections);
    return { configuration, stall, field, since: Date.now() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The figures of a process that gets the full load at once, when its quiet time is over; stops its server. */
export async function measure(
  { configuration: { semiSpace, quiet }, stall, field, since }: Ready,
  { connections, inFlight }: Profile,
  seed: number,
): Promise<Sample[]> {
  const { server, generator } = stall;
  const { url, call } = server;
  try {
    await delay(Math.max(0, since + quiet * 1000 - Date.now()));
    const total = connections * inFlight;
    const begin = async (): Promise<void> => {
      await generator.call.load(url, total);
      await answered(url, generator, WARM_UP);
    };
    const taken = (await takeTurns(field, [stall], { ...SLICES, seed, begin })).get(stall)!;
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
