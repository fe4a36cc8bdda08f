import type { Server } from '../../harness/server.ts';
import type { Generator } from '../../harness/generator.ts';
import { alone, Field, type Stall } from '../field.ts';
import type { Profile } from '../profiles.ts';
import { fitLine } from '../statistics.ts';
import {
  type Arm,
  armBlocks,
  type Block,
  type Outcome,
  ownerOf,
  type Sample,
  type Stage,
  type Suite,
} from '../suite.ts';
import { against, baselineOf, bySlice, type Figure, p99Of, takeTurns } from '../turns.ts';

/** Sign-ins at a time; scrypt keeps libuv's four threads busy with as many. */
const HTTP_CONNECTIONS = 4;
/** With fewer, resident memory tells of the pages that the heap had to spare, and not of connections. */
const ENOUGH_FOR_PAGES = 2500;

export const churn: Suite = {
  id: 'churn',
  title: 'What a connection costs',
  question: 'How fast can clients come and go, what does one that stays hold, and how fast are the HTTP legs?',
  method:
    'Clients connect, authenticate, have one message answered and leave, over and over. Where the server is ' +
    'not busy throughout, connects per second and handshake times are ' +
    "those of the pair, and only CPU per connection is the server's own. Memory is the slope over idle connections, after garbage collection: " +
    `of the heap in use, and from ${ENOUGH_FOR_PAGES.toLocaleString('en')} connections on of resident memory too, which comes in pages and is the noisier of them. ` +
    'The HTTP legs are driven by autocannon; a login checks a scrypt hash.',
  takes: ['twin', 'control', 'contestant', 'peer'],
  stages: (profile) => [connectionStage(profile)],
  blocks: (arms, profile) => {
    const measured = arms.filter(({ role }) => role === 'baseline' || role === 'contestant');
    const legs = measured.filter(({ httpLegs }) => httpLegs.length > 0);
    const { idle, idleRepetitions, httpSeconds, httpRepetitions } = profile;
    // Of the heap alone: what is in use does not depend on what else runs.
    const waits = idle.at(-1)! < ENOUGH_FOR_PAGES;
    return [
      ...armBlocks(churn, 'memory', measured, idleRepetitions, { expected: 2 + idle.at(-1)! / 300, waits }, (arm) =>
        stay(arm, profile),
      ),
      ...Array.from({ length: httpRepetitions }, (_, repetition): Block => ({
        key: `churn HTTP legs ${repetition}`,
        label: 'churn, HTTP legs',
        repetition,
        expected: legs.length * (1 + 2 * httpSeconds),
        run: () => driveLegs(legs, profile),
      })),
    ];
  },
};

/** What a connection costs, for whoever takes part. */
export function connectionStage({ connection, connections, connectionRepetitions: repetitions }: Profile): Stage {
  const { warmUp, rounds, turn } = connection;
  return {
    repetitions,
    expected: 0.1 + warmUp + rounds * (turn + 0.08),
    async measure(field, stalls, seed) {
      const begin = ({ server, generator }: Stall) => generator.call.churn(server.url, connections);
      const measured = await takeTurns(field, stalls, { ...connection, seed, begin });
      const baseline = baselineOf(measured);
      const samples = new Map<Stall, Sample[]>();
      for (const [stall, taken] of measured) {
        const { latency } = taken;
        const common = { params: { clients: connections }, ...against(taken) };
        const figureOf = (metric: Sample['metric'], figure: Figure): Sample => ({
          metric,
          ...bySlice(taken, baseline, figure),
          ...common,
        });
        samples.set(stall, [
          figureOf('connects-per-second', ({ count, seconds }) => count / seconds),
          { metric: 'handshake-p50', value: latency.p50, distribution: latency.distribution, ...common },
          p99Of('handshake-p99', latency, common),
          figureOf('server-cpu-per-connection', ({ count, cpu }) => cpu / count / 1000),
          figureOf('server-busy', ({ utilization }) => 100 * utilization),
        ]);
      }
      return samples;
    },
  };
}

/** Sign-ins come first, so that a stored session is not taken for a part of its connection. */
function stay(arm: Arm, { idle, cores }: Profile): Promise<Sample[]> {
  return alone(arm, { cores }, async ({ server, generator }) => {
    const most = idle.at(-1)!;
    await generator.call.signIn(server.url, await server.call.addUsers('sitter', most));
    const seen = await memoryAt(server, generator, idle);
    const slopeOf = (kind: 'rss' | 'heap') => fitLine(seen.map((point) => [point.count, point[kind]])).slope;
    const kinds = most < ENOUGH_FOR_PAGES ? (['heap'] as const) : (['rss', 'heap'] as const);
    return kinds.map((kind) => ({
      metric: `${kind}-per-connection` as const,
      value: slopeOf(kind),
      params: { connections: most },
    }));
  });
}

async function memoryAt(server: Server, generator: Generator, counts: readonly number[]) {
  const points: { count: number; rss: number; heap: number }[] = [];
  for (const count of counts) {
    await generator.call.connect(server.url, count);
    points.push({ count, ...(await server.call.memory()) });
  }
  return points;
}

/** All servers are up at once, and one after the other is driven. */
async function driveLegs(arms: readonly Arm[], { httpSeconds, cores }: Profile): Promise<Outcome> {
  const field = await Field.start(arms, { passwords: 'scrypt' });
  try {
    await field.keepTo(cores);
    const samples: Outcome['samples'][number][] = [];
    for (const stall of field.stalls) {
      const { arm, server, generator } = stall;
      await field.guard(stall, async () => {
        const users = await server.call.addUsers('client', HTTP_CONNECTIONS);
        for (const leg of arm.httpLegs) {
          const { requestsPerSecond, failed } = await generator.call.httpLeg(server.url, leg, users, httpSeconds);
          samples.push({
            suite: churn.id,
            owner: ownerOf(arm),
            metric: 'http-requests-per-second',
            value: requestsPerSecond,
            params: { leg, connections: HTTP_CONNECTIONS },
            ...(failed > 0 && { void: `${failed} failed requests` }),
          });
        }
      });
    }
    return { samples, failures: field.failures };
  } finally {
    await field.stop();
  }
}
