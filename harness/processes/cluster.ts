import { createClient } from 'redis';
import { newSecret, type TestUser } from '../app/app.ts';
import type { EntrySpec } from '../app/entry.ts';
import { NO_REDIS, RedisServer, redisServerPath } from './redis-server.ts';
import { type Server, startServer } from './server.ts';
import type { ServerSpec } from './server-process.ts';
import { newPrefix } from '../app/store.ts';
import type { Lifetimes } from '../../strategies/strategy.ts';

/** Why no cluster can be started here, if so. */
export const withoutRedis = (): string | undefined => (redisServerPath() === undefined ? NO_REDIS : undefined);

type Watch = ReturnType<typeof createClient>;

/** One application as several processes with a Redis of their own, and how often that was asked. */
export class Cluster {
  readonly #servers: Server[] = [];
  readonly #spec: ServerSpec;
  readonly #users: TestUser[] = [];
  readonly #redis: RedisServer;
  readonly #watch: Watch;

  private constructor(spec: ServerSpec, redis: RedisServer, watch: Watch) {
    this.#spec = spec;
    this.#redis = redis;
    this.#watch = watch;
  }

  /** @throws TypeError where there is no `redis-server` */
  static async start(spec: EntrySpec, nodes: number, lifetimes: Partial<Lifetimes> = {}): Promise<Cluster> {
    const redis = await RedisServer.start();
    const node = { store: { url: redis.url, prefix: newPrefix() }, secret: newSecret() };
    const watch: Watch = createClient({ url: redis.url });
    watch.on('error', () => {});
    const cluster = new Cluster({ spec, node, lifetimes }, redis, watch);
    try {
      await watch.connect();
      for (let index = 0; index < nodes; index++) cluster.#servers.push(await startServer(cluster.#spec));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get servers(): readonly Server[] {
    return this.#servers;
  }

  /** Ends a node as a machine that fails, and starts another at its address. */
  async restart(index: number): Promise<Server> {
    const { url } = this.#servers[index]!;
    await this.#servers[index]!.kill();
    const started = await startServer({ ...this.#spec, port: Number(new URL(url).port), users: this.#users });
    this.#servers[index] = started;
    return started;
  }

  /** Users whom every node knows. */
  async addUsers(prefix: string, count: number): Promise<TestUser[]> {
    const [first, ...others] = this.#servers;
    const users = await first!.call.addUsers(prefix, count);
    await Promise.all(others.map((server) => server.call.adoptUsers(users)));
    this.#users.push(...users);
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

  /** CPU time of Redis so far, in us. */
  async storeCpu(): Promise<number> {
    const stats = await this.#watch.info('cpu');
    const seconds = [...stats.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)];
    return seconds.reduce((sum, [, each]) => sum + 1_000_000 * Number(each), 0);
  }

  /** CPU time of all nodes so far, in us. */
  async cpu(): Promise<number> {
    const samples = await Promise.all(this.#servers.map((server) => server.call.sample()));
    return samples.reduce((sum, { cpu }) => sum + cpu, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
    if (this.#watch.isOpen) this.#watch.destroy();
    await this.#redis.stop();
  }
}
