import { describe, expect, it, onTestFinished } from 'vitest';
import { startNodes } from '../../harness/nodes.ts';
import { RedisServer } from '../../harness/redis-server.ts';
import { passive, refusalOf, say } from '../../harness/scenario.ts';
import { ToxicProxy } from '../../harness/toxic-proxy.ts';
import { AuthSocket } from '../../strategies/shared/auth-socket.ts';
import { TokenService } from '../../strategies/shared/token-service.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../../gateways/options.ts';
import type { RunningApp } from '../../harness/app.ts';
import type { RedisRevocations, RedisRevocationsOptions } from '../../strategies/shared/redis/revocations.ts';
import { loadStrategies, loadStrategy } from '../../strategies/registry.ts';
import type { Lifetimes, StrategyClient } from '../../strategies/strategy.ts';
import { redisUrl } from '../support/stores.ts';

const SWEEP = 200;
const strategies = (await loadStrategies()).filter(({ role }) => role === 'contestant');

/** Two nodes, each behind a proxy of its own, and one who is signed in and may connect to either. */
const busOf = ({ app }: RunningApp) =>
  (app.get<ResolvedOptions>(WS_AUTH_OPTIONS, { strict: false }).stores.revocations as RedisRevocations).counters;

async function behindProxies(
  id: string,
  store: Partial<RedisRevocationsOptions> = {},
  lifetimes: Partial<Lifetimes> = {},
) {
  const strategy = await loadStrategy(id);
  const port = Number(new URL(redisUrl!).port);
  const proxies = [await ToxicProxy.start(port), await ToxicProxy.start(port)];
  const urls = proxies.map((proxy) => proxy.url);
  const { nodes, directory, close } = await startNodes(strategy, urls, {
    store: { sweepInterval: SWEEP, ...store },
    lifetimes,
  });
  const sockets: AuthSocket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.close();
    for (const proxy of proxies) proxy.set('none');
    await close();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });
  const { createClient } = await strategy.client();
  const user = await nodes[0]!.addUser('ann');
  const client = createClient({ url: nodes[0]!.url });
  await client.signIn(user.username, user.password);
  const connect = async (node: number, options: object = passive, of: StrategyClient = client) => {
    const socket = await AuthSocket.connect({ ...of, expiresAt: undefined }, `${nodes[node]!.url}/chat`, options);
    sockets.push(socket);
    return socket;
  };
  return { nodes, directory, user, client, connect, proxies };
}

describe.skipIf(redisUrl === undefined).each(strategies)('$id', ({ id }) => {
  it.each(['refused', 'frozen'] as const)(
    'admits nobody while its store is %s, says so, and does again after',
    async (toxic) => {
      const { connect, proxies, nodes } = await behindProxies(id);
      proxies[1]!.set(toxic);
      expect(await refusalOf(connect(1))).toBe('unavailable');
      expect(nodes[1]!.counters().refused).toEqual({ unavailable: 1 });
      expect(await refusalOf(connect(0))).toBeUndefined();
      proxies[1]!.set('none');
      await expect.poll(() => refusalOf(connect(1)), { timeout: 5000 }).toBeUndefined();
    },
  );

  it('cuts who was revoked during a partition once it has healed', async () => {
    const { connect, proxies, nodes, directory, user } = await behindProxies(id);
    const cutOff = await connect(1);
    proxies[1]!.set('refused');
    directory.setBanned(user.subject, true);
    // Written, and the other node did not hear of it.
    await expect.poll(() => busOf(nodes[0]!), { timeout: 5000 }).toMatchObject({ told: 1, acknowledged: 0 });
    expect(cutOff.socket.connected).toBe(true);
    proxies[1]!.set('none');
    expect(await cutOff.ended).toBe('banned');
    expect(busOf(nodes[1]!)).toMatchObject({ pushed: 0, swept: 1 });
  });

  it('cuts who was revoked though the connection to the bus has died in silence', async () => {
    const { connect, proxies, nodes, directory, user } = await behindProxies(id);
    const there = await connect(1);
    proxies[1]!.set('subscriptions-frozen');
    directory.setBanned(user.subject, true);
    expect(await there.ended).toBe('banned');
    expect(busOf(nodes[1]!)).toMatchObject({ pushed: 0, swept: 1 });
  });

  it('goes on serving who is connected while its store is slow', async () => {
    const { connect, proxies } = await behindProxies(id, {}, { sessionStaleness: 0 });
    const socket = await connect(1);
    proxies[1]!.latency = 50;
    expect(await refusalOf(say(socket))).toBeUndefined();
    expect(await refusalOf(connect(1))).toBeUndefined();
  });
});

describe.skipIf(redisUrl === undefined)('a store that is lost', () => {
  it('leaves who is connected until the lease ends, where the policy is open', async () => {
    const { connect, proxies, nodes } = await behindProxies('connection-lease');
    const socket = await connect(1);
    proxies[1]!.set('refused');
    const { revocations } = nodes[1]!.app.get(TokenService, { strict: false });
    await expect.poll(() => (revocations as RedisRevocations).counters.failedSweeps).toBeGreaterThan(3);
    expect(await refusalOf(say(socket))).toBeUndefined();
  });

  it('ends every connection, to come back elsewhere, where the policy is closed', async () => {
    const { connect, proxies } = await behindProxies('connection-lease', { onLoss: 'closed', closeAfter: 2 * SWEEP });
    const socket = await connect(1);
    proxies[1]!.set('refused');
    expect(await socket.ended).toBe('unavailable');
  });

  it('is told a sign-out that it did not take: the answer says so, and it is delivered when it is back', async () => {
    const { connect, proxies, client } = await behindProxies('connection-lease');
    const [here, there] = [await connect(0), await connect(1)];
    proxies[0]!.set('refused');
    expect(await refusalOf(client.signOut())).toBe('unavailable');
    expect(await here.ended).toBe('revoked');
    proxies[0]!.set('none');
    expect(await there.ended).toBe('revoked');
  });
});

describe.skipIf(redisUrl === undefined || process.env['REDIS_URL'] === undefined)('a Redis that is killed', () => {
  const rounds = Number(process.env['SOAK'] ?? 0.2) * 5;
  it(`forgets no family and no revocation, and ends no process, ${rounds} rounds`, async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.stop());
    const strategy = await loadStrategy('connection-lease');
    const { nodes, directory, close } = await startNodes(strategy, [redis.url, redis.url], {
      store: { sweepInterval: SWEEP },
    });
    onTestFinished(close);
    const { createClient } = await strategy.client();
    for (let round = 0; round < rounds; round++) {
      const [good, bad] = await Promise.all(['good', 'bad'].map((name) => nodes[0]!.addUser(`${name}-${round}`)));
      const clients = await Promise.all(
        [good!, bad!].map(async (user) => {
          const client = createClient({ url: nodes[1]!.url });
          await client.signIn(user.username, user.password);
          return client;
        }),
      );
      const sockets = await Promise.all(clients.map((client) => AuthSocket.connect(client, `${nodes[1]!.url}/chat`)));
      onTestFinished(() => sockets.forEach((socket) => socket.close()));
      const killed = redis.kill();
      directory.setBanned(bad!.subject, true);
      const renewing = sockets[0]!.renew().catch(() => {});
      await killed;
      await redis.restart();
      expect(await sockets[1]!.ended).toBe('banned');
      await renewing;
      await expect.poll(() => refusalOf(sockets[0]!.renew()), { timeout: 8000 }).toBeUndefined();
      expect(await refusalOf(say(sockets[0]!))).toBeUndefined();
      for (const socket of sockets) socket.close();
    }
  }, 600_000);
});
