import { setTimeout as delay } from 'node:timers/promises';
import { seeded, shuffled } from '../../harness/random.ts';
import type { Stall } from '../field.ts';
import { type Arm, armBlocks, type Sample, type Suite } from '../suite.ts';
import { alone } from './churn.ts';

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
const WARM_UP = 1500;
const SETTLE = 150;
const MEASURED = 600;

export const scaling: Suite = {
  id: 'scaling',
  title: 'How the cost grows',
  question: 'What does a message cost with more messages in flight, more connections and larger credentials?',
  method:
    'One arm at a time in fresh processes, a closed loop, one thing varied and the others as in the message load; the ' +
    'values in an order drawn anew. The law is fitted to all values but one, and its error is told on that one.',
  takes: ['contestant'],
  blocks: (arms, profile) =>
    armBlocks(
      scaling,
      'all axes',
      arms.filter(({ role }) => role === 'baseline' || role === 'contestant'),
      profile.scalingRepetitions,
      { expected: 25 },
      (arm) => measure(arm, profile.seed),
    ),
};

async function measure(arm: Arm, seed: number): Promise<Sample[]> {
  const random = seeded(seed);
  const [inFlight, connections, claims] = axes.map(({ values }) => shuffled(values, random)) as [
    number[],
    number[],
    number[],
  ];
  const samples: Sample[] = [];
  await alone(arm, {}, async (stall) => {
    await join(stall, 'few', CONNECTIONS, 0);
    await warmUp(stall);
    for (const value of inFlight) {
      samples.push(await cost(stall, value, { axis: 'in-flight', value, connections: CONNECTIONS }));
    }
  });
  for (const value of claims) {
    await alone(arm, {}, async (stall) => {
      await join(stall, 'long', CONNECTIONS, value);
      await warmUp(stall);
      samples.push(await cost(stall, IN_FLIGHT, { axis: 'claim-bytes', value, connections: CONNECTIONS }));
    });
  }
  await alone(arm, {}, async (stall) => {
    // More can be added to a server, and none taken away that leaves no trace.
    const rising = connections.toSorted((a, b) => a - b);
    const users = await stall.server.call.addUsers('many', rising.at(-1)!);
    await stall.generator.call.signIn(stall.server.url, users);
    for (const [index, value] of rising.entries()) {
      await stall.generator.call.connect(stall.server.url, value);
      if (index === 0) await warmUp(stall);
      samples.push(await cost(stall, IN_FLIGHT, { axis: 'connections', value, connections: value }));
    }
  });
  return samples;
}

async function join({ server, generator }: Stall, name: string, connections: number, bytes: number): Promise<void> {
  const roles = Array.from({ length: bytes / ROLE }, (_, index) => `${index}`.padStart(ROLE - 3, 'r'));
  await generator.call.signIn(server.url, await server.call.addUsers(name, connections, roles));
  await generator.call.connect(server.url, connections);
}

async function warmUp({ server, generator }: Stall): Promise<void> {
  await generator.call.load(server.url, IN_FLIGHT);
  await delay(WARM_UP);
  await generator.call.stop(server.url);
}

/** Of a closed loop with that many messages in flight over all connections. */
async function cost({ server, generator }: Stall, inFlight: number, params: Sample['params']): Promise<Sample> {
  await generator.call.load(server.url, inFlight);
  await delay(SETTLE);
  const [usedBefore, doneBefore] = await Promise.all([server.call.sample(), generator.call.done(server.url, false)]);
  await delay(MEASURED);
  const [used, done] = await Promise.all([server.call.sample(), generator.call.done(server.url, false)]);
  await generator.call.stop(server.url);
  const wrong = done.wrong - doneBefore.wrong;
  return {
    metric: 'server-cpu-per-message',
    value: (used.cpu - usedBefore.cpu) / (done.count - doneBefore.count),
    params: { load: 'closed loop', inFlight, ...params },
    ...(wrong > 0 && { wrong: `${wrong} wrong or failed answers` }),
  };
}
