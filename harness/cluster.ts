import { createClient } from 'redis';
import { newSecret, type TestUser } from './app.ts';
import type { ContenderSpec } from './contender.ts';
import { RedisServer } from './redis-server.ts';
import { type Server, startServer } from './server.ts';
import { newPrefix } from './store.ts';

type Watch = ReturnType<typeof createClient>;

/** One application as several processes with a Redis of their own, and how often that was asked. */
export class Cluster {
  readonly servers: readonly Server[];
  readonly #redis: RedisServer;
  readonly #watch: Watch;

  private constructor(servers: readonly Server[], redis: RedisServer, watch: Watch) {
    this.servers = servers;
    this.#redis = redis;
    this.#watch = watch;
  }

  /** @throws TypeError where there is no `redis-server` */
  static async start(contender: ContenderSpec, nodes: number): Promise<Cluster> {
    const redis = await RedisServer.start();
    const servers: Server[] = [];
    const watch: Watch = createClient({ url: redis.url });
    watch.on('error', () => {});
    const cluster = new Cluster(servers, redis, watch);
    try {
      await watch.connect();
      const node = { store: { url: redis.url, prefix: newPrefix() }, secret: newSecret() };
      for (let index = 0; index < nodes; index++) servers.push(await startServer({ contender, node }));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Users whom every node knows. */
  async addUsers(prefix: string, count: number): Promise<TestUser[]> {
    const [first, ...others] = this.servers;
    const users = await first!.call.addUsers(prefix, count);
    await Promise.all(others.map((server) => server.call.adoptUsers(users)));
    return users;
  }

  /** Commands that Redis has served so far, those that its scripts run among them. */
  async commands(): Promise<number> {
    const stats = await this.#watch.info('commandstats');
    return [...stats.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  }

  /** CPU time of all nodes so far, in us. */
  async cpu(): Promise<number> {
    const samples = await Promise.all(this.servers.map((server) => server.call.sample()));
    return samples.reduce((sum, { cpu }) => sum + cpu, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    if (this.#watch.isOpen) this.#watch.destroy();
    await this.#redis.stop();
  }
}
