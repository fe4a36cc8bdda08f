import { describe, expect, it, onTestFinished } from 'vitest';
import { ChatService } from '../../gateways/chat.service.ts';
import { newSecret } from '../../harness/app.ts';
import { Balancer } from '../../harness/balancer.ts';
import { startNodes } from '../../harness/nodes.ts';
import { seeded } from '../../harness/random.ts';
import { refusalOf, say } from '../../harness/scenario.ts';
import { forget, newPrefix } from '../../harness/store.ts';
import { loadStrategies, loadStrategy } from '../../strategies/registry.ts';
import { AuthSocket } from '../../strategies/shared/auth-socket.ts';
import { startServer } from '../support/compiled.ts';
import { redisUrl } from '../support/stores.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'contestant');

describe.skipIf(redisUrl === undefined).each(strategies)('a node that is replaced, $id', (strategy) => {
  it('sends its clients to the next, and no message that was acknowledged is lost', async () => {
    const { nodes, close } = await startNodes(strategy, [redisUrl!, redisUrl!], { drainWindow: 300 });
    const balancer = await Balancer.start(nodes.map(({ url }) => url));
    onTestFinished(async () => {
      await balancer.stop();
      await close();
    });
    const posted = new Set<string>();
    for (const { app } of nodes) {
      const chat = app.get(ChatService, { strict: false });
      const post = chat.post.bind(chat);
      chat.post = (...message) => {
        const said = post(...message);
        posted.add(said.id);
        return said;
      };
    }
    const { createClient } = await strategy.client();
    const sockets = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const client = createClient({ url: balancer.url });
        const { username, password } = await nodes[0]!.addUser(`user-${index}`);
        await client.signIn(username, password);
        return AuthSocket.connect(client, `${balancer.url}/chat`);
      }),
    );
    onTestFinished(() => sockets.forEach((socket) => socket.close()));
    const over = new AbortController();
    const acknowledged: string[] = [];
    const talking = sockets.map(async (socket) => {
      while (!over.signal.aborted) {
        // What was not acknowledged is said again.
        const said = await say(socket).catch(() => undefined);
        if (said !== undefined) acknowledged.push(said.id);
        await new Promise(setImmediate);
      }
    });
    balancer.use([nodes[1]!.url]);
    await nodes[0]!.close();
    await expect.poll(() => nodes[1]!.counters().open, { timeout: 8000 }).toBe(sockets.length);
    over.abort();
    await Promise.all(talking);
    expect(acknowledged.length).toBeGreaterThan(sockets.length);
    expect(acknowledged.filter((id) => !posted.has(id))).toEqual([]);
    expect(await Promise.all(sockets.map((socket) => refusalOf(say(socket))))).toEqual(sockets.map(() => undefined));
  }, 20_000);
});

describe.skipIf(redisUrl === undefined)('a node that is killed', () => {
  const rounds = Number(process.env['SOAK'] ?? 0.4) * 5;
  it(`locks nobody out and lets nobody in, ${rounds} rounds`, async () => {
    const strategy = await loadStrategy('connection-lease');
    const prefix = newPrefix();
    const spec = {
      contender: { kind: 'strategy', id: strategy.id, variant: 'hardened' },
      node: { store: { url: redisUrl!, prefix, sweepInterval: 200 }, secret: newSecret() },
    } as const;
    const nodes = [await startServer(spec), await startServer(spec)];
    const balancer = await Balancer.start(nodes.map(({ url }) => url));
    const sockets: AuthSocket[] = [];
    onTestFinished(async () => {
      for (const socket of sockets) socket.close();
      await balancer.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await forget(redisUrl!, prefix);
    });
    const users = await nodes[0]!.call.addUsers('user', 8);
    const [banned] = await nodes[0]!.call.addUsers('banned', 1);
    const everyone = [...users, banned!];
    await nodes[1]!.call.adoptUsers(everyone);
    const { createClient } = await strategy.client();
    for (const { username, password } of everyone) {
      const client = createClient({ url: balancer.url });
      await client.signIn(username, password);
      sockets.push(await AuthSocket.connect(client, `${balancer.url}/chat`));
    }
    const kept = sockets.slice(0, users.length);
    await nodes[1]!.call.setBanned(banned!.subject, true);
    await nodes[0]!.call.setBanned(banned!.subject);
    expect(await sockets.at(-1)!.ended).toBe('banned');
    const random = seeded(1);
    for (let round = 0; round < rounds; round++) {
      const victim = Math.floor(random() * 2);
      const renewals = kept.map((socket) => socket.renew().catch(() => {}));
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      await nodes[victim]!.kill();
      await Promise.all(renewals);
      nodes[victim] = await startServer(spec);
      await nodes[victim].call.adoptUsers(users);
      await nodes[victim].call.adoptUsers([banned!]);
      await nodes[victim].call.setBanned(banned!.subject, true);
      balancer.use(nodes.map(({ url }) => url));
      for (const socket of kept) await expect.poll(() => refusalOf(say(socket)), { timeout: 8000 }).toBeUndefined();
    }
    expect(kept.map(({ socket }) => socket.connected)).toEqual(kept.map(() => true));
  }, 900_000);
});
