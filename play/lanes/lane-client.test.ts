import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { ProbedConnection } from '../../harness/probes/routes.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { Frames } from './frames.ts';
import { LaneClient, type LaneContext, type SignIn } from './lane-client.ts';

const SIGNED_IN_UNTIL = 1000;
const MOVED_TO = 5000;

/** A connection whose messages are all answered. */
const answering = (): ProbedConnection =>
  ({
    socket: Object.assign(new EventEmitter(), { connected: true }),
    counters: { renewals: 0 },
    ended: new Promise(() => {}),
    request: async () => ({}),
    close: () => {},
  }) as unknown as ProbedConnection;

/** A lane in which activity moves the end of a session, and the ends that its clients have told. */
function laneOf() {
  const told: [who: string, endsAt: number | null][] = [];
  const lane = {
    urlOf: () => '',
    nodes: undefined,
    routes: { talk: async () => answering(), listen: async () => answering(), subscription: ['subscribe', {}] },
    hasRole: false,
    now: () => 0,
    frames: { note: () => {}, follow: () => {} } as unknown as Frames,
    tell: (fact) => void (fact.is === 'credential' && told.push([fact.who, fact.endsAt])),
    serverTime: (at) => at,
    moveEnd: (signIn) => void (signIn.movedEnd = MOVED_TO),
    pushedAt: () => 0,
  } as LaneContext;
  return { lane, told };
}

async function clientOf(lane: LaneContext, who: 'you' | 'tab' | 'device', signIn: SignIn): Promise<LaneClient> {
  const client = { expiresAt: SIGNED_IN_UNTIL, connectOptions: () => ({}) } as unknown as StrategyClient;
  const opened = new LaneClient(lane, { who, signIn, client, recover: true });
  await opened.open();
  return opened;
}

it('tells the end to which another client has moved the session that both hold, and of no other session', async () => {
  const { lane, told } = laneOf();
  const shared: SignIn = { number: 1, ended: null };
  const you = await clientOf(lane, 'you', shared);
  const tab = await clientOf(lane, 'tab', shared);
  const device = await clientOf(lane, 'device', { number: 2, ended: null });
  expect(told).toEqual(['you', 'tab', 'device'].map((who) => [who, SIGNED_IN_UNTIL]));
  tab.send();
  await expect.poll(() => told).toContainEqual(['tab', MOVED_TO]);
  for (const client of [you, device]) client.look();
  expect(told.slice(3)).toEqual([
    ['tab', MOVED_TO],
    ['you', MOVED_TO],
  ]);
});
