import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { nodePromises } from '../../audits/node-promises.ts';
import { Connections } from '../../gateways/connections/connections.ts';
import { newSecret } from '../../harness/app/app.ts';
import { seeded } from '../../harness/app/random.ts';
import { passive, refusalOf, say } from '../../harness/app/scenario.ts';
import { forget, newPrefix } from '../../harness/app/store.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { roundsOf, seed } from '../fuzz/rounds.ts';
import { Balancer } from '../support/balancer.ts';
import { until } from '../support/gate.ts';
import { arrive, type Guest } from '../support/guest.ts';
import { startNodes } from '../support/nodes.ts';
import { Pair } from '../support/pair.ts';
import { redisUrl } from '../support/stores.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

/** Without limits: its clients talk as fast as they are answered. */
async function twoNodes(strategy: Strategy, drainWindow: number) {
  const { nodes, directory, close } = await startNodes(strategy, [redisUrl!, redisUrl!], {
    drainWindow,
    limits: false,
  });
  onTestFinished(close);
  return { leaving: nodes[0]!, staying: nodes[1]!, directory };
}

describe.skipIf(redisUrl === undefined).each(strategies)('a node that is replaced, $id', (strategy) => {
  it(`rolling-drain: ${nodePromises['rolling-drain']}`, async () => {
    const { leaving, staying } = await twoNodes(strategy, 300);
    const balancer = await Balancer.start([leaving.url, staying.url]);
    onTestFinished(() => balancer.stop());
    const guests = await Promise.all(
      Array.from({ length: 10 }, async (_, index) =>
        arrive(strategy, await leaving.addUser(`user-${index}`), balancer.url),
      ),
    );
    const listener = await arrive(strategy, await leaving.addUser('listener'), staying.url);
    const heard = new Set<string>();
    listener.socket.socket.on('message', ({ id }: { id: string }) => heard.add(id));
    const over = new AbortController();
    const acknowledged: string[] = [];
    const talking = guests.map(async ({ socket }) => {
      while (!over.signal.aborted) {
        // What was not acknowledged is said again.
        const said = await say(socket).catch(() => undefined);
        if (said !== undefined) acknowledged.push(said.id);
        await new Promise(setImmediate);
      }
    });
    const moved = leaving.counters().open;
    balancer.use([staying.url]);
    await leaving.close();
    expect(leaving.counters().cut).toEqual({ 'reconnect-required': moved });
    await expect.poll(() => staying.counters().open, { timeout: 8000 }).toBe(guests.length + 1);
    over.abort();
    await Promise.all(talking);
    expect(acknowledged.length).toBeGreaterThan(guests.length);
    await expect.poll(() => acknowledged.filter((id) => !heard.has(id)), { timeout: 5000 }).toEqual([]);
    const again = await Promise.all(guests.map(({ socket }) => refusalOf(say(socket))));
    expect(again).toEqual(guests.map(() => undefined));
  }, 20_000);

  it('tells the others of a ban as long as it is there', async () => {
    const { leaving, staying, directory } = await twoNodes(strategy, 300);
    const user = await leaving.addUser('ann');
    const { socket, refusalAt } = await arrive(strategy, user, staying.url, passive);
    const closing = leaving.close();
    await until(() => leaving.app.get(Connections, { strict: false }).draining);
    directory.setBanned(user.subject, true);
    expect(await socket.ended).toBe('banned');
    expect(await refusalAt(staying.url)).toBe('banned');
    await closing;
  });
});

describe.skipIf(redisUrl === undefined)('a node that is killed', () => {
  const rounds = roundsOf(1, 20);
  const nodes = new Pair();
  const prefixes: string[] = [];
  afterAll(async () => {
    await nodes.stop();
    for (const prefix of prefixes) await forget(redisUrl!, prefix);
  });

  it.each(strategies)(
    `$id, node-crash: ${nodePromises['node-crash']}, and lets nobody else in (rounds: ${rounds}, seed: ${seed})`,
    async (strategy) => {
      const { renewal, cookie } = strategy.variants.hardened.supports;
      const newUser = (name: string) => ({ subject: name, username: name, password: newSecret() });
      const users = Array.from({ length: 8 }, (_, index) => newUser(`user-${index}`));
      const banned = newUser('banned');
      const leavers = Array.from({ length: rounds + 1 }, (_, index) => newUser(`leaver-${index}`));
      const prefix = newPrefix();
      prefixes.push(prefix);
      const spec = {
        spec: { kind: 'strategy', id: strategy.id, variant: 'hardened' },
        node: { store: { url: redisUrl!, prefix, sweepInterval: 200 }, secret: newSecret() },
        users: [...users, banned, ...leavers],
      } as const;
      await nodes.serve(spec);
      const balancer = await Balancer.start(nodes.urls);
      onTestFinished(() => balancer.stop());
      const random = seeded(seed);
      const drawn = () => (random() < 0.5 ? 0 : 1);
      const moment = () => delay(random() * 20);

      const kept = await Promise.all(users.map((user) => arrive(strategy, user, balancer.url)));
      const banning = await arrive(strategy, banned, balancer.url);
      // A node that starts later hears of it from the store alone.
      await nodes.at(1).call.adoptBan(banned.subject);
      await nodes.at(0).call.setBanned(banned.subject);
      expect(await banning.socket.ended).toBe('banned');
      const signedOut: Guest[] = [];
      const signOut = async (of: Guest) => {
        // Of who got no answer it is not known whether they are out.
        if ((await refusalOf(of.client.signOut())) === undefined) signedOut.push(of);
      };
      await signOut(await arrive(strategy, leavers[rounds]!, nodes.at(drawn()).url));

      for (let round = 0; round < rounds; round++) {
        const victim = drawn();
        const leaver = await arrive(strategy, leavers[round]!, nodes.at(drawn()).url);
        const acting = kept.map(async ({ socket }) => {
          await moment();
          await refusalOf(renewal === 'activity' ? say(socket) : socket.renew());
        });
        const leaving = moment().then(() => signOut(leaver));
        await moment();
        await nodes.kill(victim);
        await Promise.all([...acting, leaving]);
        await nodes.start(victim, spec);
        balancer.use(nodes.urls);
        for (const { socket } of kept) {
          await expect.poll(() => refusalOf(say(socket)), { timeout: 8000 }).toBeUndefined();
        }
        const { url } = nodes.at(victim);
        expect(await banning.refusalAt(url)).toBe('banned');
        const refusals = await Promise.all(signedOut.map((out) => out.refusalAt(url)));
        expect(refusals).toEqual(signedOut.map(() => (cookie ? 'unauthenticated' : 'revoked')));
      }
      expect(signedOut).not.toEqual([]);
      expect(kept.map(({ socket }) => socket.socket.connected)).toEqual(kept.map(() => true));
    },
    900_000,
  );
});
