import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { passive, refusalOf } from '../../harness/app/scenario.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import { loadStrategies, loadStrategy } from '../../strategies/registry.ts';
import type { Strategy, StrategyClient } from '../../strategies/strategy.ts';
import { startNodes } from '../support/nodes.ts';
import { redisUrl, withoutRedis } from '../support/stores.ts';

const url = redisUrl ?? '';
const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function application(strategy: Strategy, maxSessionsPerUser: number) {
  const started = await startNodes(strategy, [url, url], { maxSessionsPerUser });
  onTestFinished(() => started.close());
  const { createClient } = await strategy.client();
  const user = await started.nodes[0]!.addUser(`user-${randomBytes(4).toString('hex')}`);
  /** A client that signs in on one of the nodes. */
  const signedIn = async (node: number): Promise<StrategyClient> => {
    const client = createClient({ url: started.nodes[node]!.url });
    await client.signIn(user.username, user.password);
    return client;
  };
  const connect = async (client: StrategyClient, node: number): Promise<AuthSocket> => {
    const socket = await AuthSocket.connect(
      { ...client, expiresAt: undefined },
      `${started.nodes[node]!.url}/chat`,
      passive,
    );
    onTestFinished(() => socket.close());
    return socket;
  };
  return { signedIn, connect };
}

describe.skipIf(redisUrl === undefined).each(strategies)(
  `one session per user on two nodes, $id${withoutRedis}`,
  (strategy) => {
    it('a sign-in on one node ends the connections of an older one on both', async () => {
      const { signedIn, connect } = await application(strategy, 1);
      const first = await signedIn(0);
      const sockets = [await connect(first, 0), await connect(first, 1)];
      const second = await signedIn(1);
      expect(await Promise.all(sockets.map(({ ended }) => ended))).toEqual([
        'signed-in-elsewhere',
        'signed-in-elsewhere',
      ]);
      for (const node of [0, 1]) {
        expect(await refusalOf(connect(first, node))).toBe('signed-in-elsewhere');
        expect((await connect(second, node)).socket.connected).toBe(true);
      }
    });
  },
);

describe.skipIf(redisUrl === undefined)(`n sessions per user on two nodes${withoutRedis}`, () => {
  it.each([1, 3])('of ten sign-ins at once, exactly %i stay in', async (most) => {
    const { signedIn, connect } = await application(await loadStrategy('connection-lease'), most);
    const older = await signedIn(0);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => signedIn(index % 2)));
    const clients = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code as string] : []));
    expect(codes.filter((code) => code !== 'signed-in-elsewhere')).toEqual([]);
    const connected = await Promise.allSettled([older, ...clients].map((client, index) => connect(client, index % 2)));
    expect(connected.filter(({ status }) => status === 'fulfilled')).toHaveLength(most);
    expect(connected[0]).toMatchObject({ status: 'rejected', reason: { code: 'signed-in-elsewhere' } });
  });
});
