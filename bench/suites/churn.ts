import type { Server } from '../../harness/server.ts';
import type { Generator } from '../../harness/generator.ts';
import type { HttpLeg } from '../../strategies/strategy.ts';
import type { Profile } from '../profiles.ts';
import { slope } from '../statistics.ts';
import { type Arm, armBlocks, type Sample, type Suite } from '../suite.ts';
import { Field, type Stall, takeTurns } from './field.ts';
import { fieldBlocks, wrongAnswers } from './shared-field.ts';

const id = 'churn';
/** Sign-ins at a time; scrypt keeps libuv's four threads busy with as many. */
const HTTP_CONNECTIONS = 4;

export const churn: Suite = {
  id,
  title: 'What a connection costs',
  question: 'How fast can clients come and go, what does one that stays hold, and how fast are the HTTP legs?',
  method:
    'Clients connect, authenticate, have one message answered and leave, over and over. Where the server is ' +
    'not busy throughout, connects per second and handshake times are ' +
    "those of the pair, and only CPU per connection is the server's own. Memory is the slope of resident memory over " +
    'idle connections, after garbage collection. The HTTP legs are driven by autocannon; a login checks a scrypt hash.',
  blocks: (arms, profile) => [
    ...fieldBlocks(id, arms, profile, comingAndGoing(arms, profile), (field, at) => comeAndGo(field, profile, at)),
    ...armBlocks(id, arms, profile.idleRepetitions, { expected: 3 + profile.idle.at(-1)! / 300 }, (arm) =>
      stay(arm, profile),
    ),
    ...armBlocks(
      id,
      arms.filter(({ httpLegs }) => httpLegs.length > 0),
      1,
      { expected: 2 + 2 * profile.httpSeconds },
      (arm) => driveLegs(arm, profile),
    ),
  ],
};

const comingAndGoing = ({ length }: readonly Arm[], { connection: { warmUp, rounds, turn } }: Profile): number =>
  length * (warmUp + rounds * (turn + 0.1));

async function comeAndGo(field: Field, { connections, connection, seed }: Profile, repetition: number) {
  const turns = { ...connection, seed: seed * 1000 + repetition };
  const measured = await takeTurns(field, turns, ({ server, generator }) =>
    generator.call.churn(server.url, connections),
  );
  const samples = new Map<Stall, Sample[]>();
  for (const [stall, sum] of measured) {
    const { p50, p99 } = await stall.generator.call.latencies(stall.server.url);
    const reason = wrongAnswers(sum);
    const common = { params: { clients: connections }, ...(reason !== undefined && { void: reason }) };
    samples.set(stall, [
      { metric: 'connects-per-second', value: sum.count / sum.seconds, ...common },
      { metric: 'handshake-p50', value: p50, ...common },
      { metric: 'handshake-p99', value: p99, ...common },
      { metric: 'server-cpu-per-connection', value: sum.cpu / sum.count / 1000, ...common },
      { metric: 'server-busy', value: 100 * sum.utilization, ...common },
    ]);
  }
  return samples;
}

/** One arm's own field, ended whatever happens. */
async function alone<T>(arm: Arm, spec: Parameters<typeof Field.start>[1], use: (stall: Stall) => Promise<T>) {
  const field = await Field.start([arm], spec);
  try {
    return await use(field.stalls[0]!);
  } finally {
    await field.stop();
  }
}

/** Sign-ins come first, so that a stored session is not taken for a part of its connection. */
function stay(arm: Arm, { idle }: Profile): Promise<Sample[]> {
  return alone(arm, {}, async ({ server, generator }) => {
    const most = idle.at(-1)!;
    await generator.call.signIn(server.url, await server.call.addUsers('sitter', most));
    const points = await memoryAt(server, generator, idle);
    return [{ metric: 'rss-per-connection', value: slope(points), params: { connections: most } }];
  });
}

async function memoryAt(server: Server, generator: Generator, counts: readonly number[]) {
  const points: [number, number][] = [];
  for (const count of counts) {
    await generator.call.connect(server.url, count);
    points.push([count, await server.call.memory()]);
  }
  return points;
}

function driveLegs(arm: Arm, { httpSeconds }: Profile): Promise<Sample[]> {
  return alone(arm, { passwords: 'scrypt' }, async ({ server, generator }) => {
    const users = await server.call.addUsers('client', HTTP_CONNECTIONS);
    const samples: Sample[] = [];
    for (const leg of arm.httpLegs as readonly HttpLeg[]) {
      const { requestsPerSecond, failed } = await generator.call.httpLeg(server.url, leg, users, httpSeconds);
      samples.push({
        metric: 'http-requests-per-second',
        value: requestsPerSecond,
        params: { leg, connections: HTTP_CONNECTIONS },
        ...(failed > 0 && { void: `${failed} failed requests` }),
      });
    }
    return samples;
  });
}
