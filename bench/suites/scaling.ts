import { createHash } from 'node:crypto';
import { seeded, shuffled } from '../../harness/random.ts';
import { alone, seeOff, type Stall } from '../field.ts';
import type { Profile } from '../profiles.ts';
import { type Arm, armBlocks, nameOf, type Sample, type Suite } from '../suite.ts';
import { against, oneTurn, SATURATED } from '../turns.ts';
import { warmOne } from '../warm-up.ts';

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

export const scaling: Suite = {
  id: 'scaling',
  title: 'How the cost grows',
  question: 'What does a message cost with more messages in flight, more connections and larger credentials?',
  method:
    'One arm at a time in fresh processes, a closed loop, one thing varied and the others as in the message load. ' +
    'Messages in flight and claims come in an order drawn for each arm and repetition; connections always rise. With ' +
    'few messages in flight the server need not be saturated; a figure of the other axes is void where it was busy for ' +
    'less than 95%. An outsider tries its luck beside each figure. The law is fitted to all values but one, and its error is told on that one.',
  takes: ['contestant'],
  blocks: (arms, profile) =>
    armBlocks(
      scaling,
      'all axes',
      arms.filter(({ role }) => role === 'baseline' || role === 'contestant'),
      profile.scalingRepetitions,
      { expected: 25 },
      (arm, repetition) => measure(arm, profile, seedOf(profile.seed, arm, repetition)),
    ),
};

/** Differs by arm and repetition, and is the same whenever these are. */
const seedOf = (seed: number, arm: Arm, repetition: number): number =>
  createHash('sha256')
    .update(`${seed} ${nameOf(arm)} ${repetition}`)
    .digest()
    .readInt32LE();

async function measure(arm: Arm, { cores }: Profile, seed: number): Promise<Sample[]> {
  const random = seeded(seed);
  const valuesOf = (axis: Axis['axis']) => axes.find((one) => one.axis === axis)!.values;
  const inFlight = shuffled(valuesOf('in-flight'), random);
  const claims = shuffled(valuesOf('claim-bytes'), random);
  const samples: Sample[] = [];
  await alone(arm, { cores }, async (stall) => {
    await join(stall, 'few', CONNECTIONS, 0);
    for (const value of inFlight) {
      samples.push(await cost(stall, value, { axis: 'in-flight', value, connections: CONNECTIONS }));
    }
  });
  for (const value of claims) {
    await alone(arm, { cores }, async (stall) => {
      await join(stall, 'long', CONNECTIONS, value);
      samples.push(await cost(stall, IN_FLIGHT, { axis: 'claim-bytes', value, connections: CONNECTIONS }));
    });
  }
  await alone(arm, { cores }, async (stall) => {
    // More can be added to a server, and none taken away that leaves no trace.
    const rising = valuesOf('connections').toSorted((a, b) => a - b);
    const users = await stall.server.call.addUsers('many', rising.at(-1)!);
    await stall.generator.call.signIn(stall.server.url, users);
    await seeOff(stall);
    for (const [index, value] of rising.entries()) {
      if (index === 0) await warmOne(stall, { connections: value, inFlight: IN_FLIGHT });
      else await stall.generator.call.connect(stall.server.url, value);
      samples.push(await cost(stall, IN_FLIGHT, { axis: 'connections', value, connections: value }));
    }
  });
  return samples;
}

async function join(stall: Stall, name: string, connections: number, bytes: number): Promise<void> {
  const { server, generator } = stall;
  const roles = Array.from({ length: bytes / ROLE }, (_, index) => `${index}`.padStart(ROLE - 3, 'r'));
  await generator.call.signIn(server.url, await server.call.addUsers(name, connections, roles));
  await seeOff(stall);
  await warmOne(stall, { connections, inFlight: IN_FLIGHT });
}

/** Of a closed loop with that many messages in flight over all connections. */
async function cost(stall: Stall, inFlight: number, params: Sample['params']): Promise<Sample> {
  const begin = ({ server, generator }: Stall) => generator.call.load(server.url, inFlight);
  const turn = await oneTurn(stall, { begin, ramp: SETTLE }, MEASURED, 0);
  const { cpu, count, utilization } = turn;
  const one = { ...turn, slices: [{ ...turn, round: 0 }], idle: 0 };
  return {
    metric: 'server-cpu-per-message',
    value: count === 0 ? 0 : cpu / count,
    params: { load: 'closed loop', inFlight, ...params },
    ...against(one, params['axis'] === 'in-flight' || utilization >= SATURATED ? undefined : notSaturated(utilization)),
  };
}

const notSaturated = (utilization: number): string =>
  `the server was not saturated (busy for ${Math.round(100 * utilization)}%)`;
