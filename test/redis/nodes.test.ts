import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seeded } from '../../harness/app/random.ts';
import { passive, refusalOf } from '../../harness/app/scenario.ts';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { RedisRevocations } from '../../strategies/shared/stores/redis/revocations.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import { loadStrategies, loadStrategy } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { roundsOf, seed } from '../fuzz/rounds.ts';
import { type Nodes, startNodes } from '../support/nodes.ts';
import { redisUrl } from '../support/stores.ts';

const url = redisUrl ?? '';
const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function twoNodes(strategy: Strategy): Promise<Nodes> {
  const nodes = await startNodes(strategy, [url, url]);
  onTestFinished(() => nodes.close());
  return nodes;
}

/** A user who signed in on the first node and is connected to each. */
async function everywhere(strategy: Strategy, { nodes }: Nodes) {
  const { createClient } = await strategy.client();
  const user = await nodes[0]!.addUser(`user-${randomBytes(4).toString('hex')}`);
  const client = createClient({ url: nodes[0]!.url });
  await client.signIn(user.username, user.password);
  const sockets = await Promise.all(
    nodes.map((node) => AuthSocket.connect({ ...client, expiresAt: undefined }, `${node.url}/chat`, passive)),
  );
  onTestFinished(() => sockets.forEach((socket) => socket.close()));
  return { user, client, sockets };
}

describe.skipIf(redisUrl === undefined).each(strategies)('two nodes, $id', (strategy) => {
  it('take one sign-in, and its end ends its connections on both', async () => {
    const nodes = await twoNodes(strategy);
    const { client, sockets } = await everywhere(strategy, nodes);
    await client.signOut();
    expect(await Promise.all(sockets.map(({ ended }) => ended))).toEqual(['revoked', 'revoked']);
  });

  it('hear of a ban on one of them, and keep who was banned out of both', async () => {
    const nodes = await twoNodes(strategy);
    const { client, user, sockets } = await everywhere(strategy, nodes);
    nodes.directory.setBanned(user.subject, true);
    expect(await Promise.all(sockets.map(({ ended }) => ended))).toEqual(['banned', 'banned']);
    const again = AuthSocket.connect({ ...client, expiresAt: undefined }, `${nodes.nodes[1]!.url}/chat`, passive);
    expect(['banned', 'unauthenticated']).toContain(await refusalOf(again));
  });
});

const busOf = (tokens: TokenService | undefined) => (tokens!.revocations as RedisRevocations).counters;

describe.skipIf(redisUrl === undefined)('two nodes', () => {
  it('a push is acknowledged by every other node before the sign-out is answered', async () => {
    const strategy = await loadStrategy('connection-lease');
    const nodes = await twoNodes(strategy);
    const { client } = await everywhere(strategy, nodes);
    const [tokens, others] = nodes.nodes.map(({ app }) => app.get(TokenService, { strict: false }));
    await client.signOut();
    expect(busOf(tokens)).toMatchObject({ told: 1, acknowledged: 1 });
    expect(busOf(others)).toMatchObject({ pushed: 1, swept: 0 });
  });

  const rounds = roundsOf(30, 1000);
  it(`of 50 renewals of one token at once, one rotates and nobody is a thief (rounds: ${rounds}, seed: ${seed})`, async () => {
    const { nodes } = await twoNodes(await loadStrategy('connection-lease'));
    const services = nodes.map(({ app }) => app.get(TokenService, { strict: false }));
    const user = await nodes[0]!.addUser('ann');
    let { pair } = await services[0]!.signIn(user.username, user.password);
    const random = seeded(seed);
    for (let round = 0; round < rounds; round++) {
      const { refreshToken } = pair;
      const renewed = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const service = services[Math.floor(random() * 2)]!;
          for (let turns = Math.floor(random() * 5); turns > 0; turns--) await new Promise(setImmediate);
          return service.refresh(refreshToken);
        }),
      );
      expect(new Set(renewed.map(({ claims }) => claims.refresh.tokenId)).size).toBe(1);
      pair = renewed[0]!.pair;
    }
  }, 600_000);
});
