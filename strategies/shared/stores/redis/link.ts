import { createClient, ErrorReply } from 'redis';
import type { Clock } from '../../clock.ts';
import { ConfigurationError, StoreError } from '../../errors.ts';
import { inTime } from '../../in-time.ts';

export type Client = ReturnType<typeof createClient>;

/** How long Redis may take for one command, in ms. */
export const LONGEST_COMMAND = 1000;
/** A connection on which nothing comes back for so long is taken for dead, in ms. */
const LONGEST_SILENCE = 3000;
const LONGEST_BACKOFF = 1000;
/** Commands that are kept at most while Redis is away. One more fails, and is not tried again. */
const MOST_KEPT = 10_000;
/** How long a confirmed command is remembered, in ms: longer than Redis takes to write it to disk. */
const CONFIRMED_FOR = 10_000;

/**
 * Two connections to Redis, one of them for what is subscribed to. A command fails at once while there is no connection,
 * and within a second where nothing comes back; what must get through in the end is kept and tried again.
 */
export class RedisLink {
  readonly commands: Client;
  readonly subscriptions: Client;
  readonly #undelivered = new Map<string, Kept>();
  readonly #confirmed = new Recent<Kept>(CONFIRMED_FOR, MOST_KEPT);
  #redelivering: Promise<void> | undefined;
  /** How far the time of Redis is from this process's `performance.now()`, in ms. */
  #ahead = NaN;
  #opened = false;

  private constructor(url: string) {
    const reconnectStrategy = (attempts: number): number | Error => {
      if (!this.#opened) return new StoreError('No connection');
      return Math.min(LONGEST_BACKOFF, 20 * 2 ** attempts) * (0.5 + Math.random() / 2);
    };
    this.commands = createClient({
      url,
      disableOfflineQueue: true,
      pingInterval: LONGEST_SILENCE / 3,
      socket: { reconnectStrategy, connectTimeout: LONGEST_SILENCE, socketTimeout: LONGEST_SILENCE },
    });
    // A subscription waits for its connection, and is made again after each loss of it.
    this.subscriptions = this.commands.duplicate({ disableOfflineQueue: false });
    // Every command tells its own failure.
    for (const client of [this.commands, this.subscriptions]) client.on('error', () => {});
  }

  /** @throws ConfigurationError `ERR_REDIS_URL` or `ERR_REDIS_UNREACHABLE`; neither tells the URL, which may hold a password */
  static async open(url: string): Promise<RedisLink> {
    if (!/^rediss?:$/.test(protocolOf(url))) {
      throw new ConfigurationError('ERR_REDIS_URL', 'A Redis URL has the form redis://host:6379 or rediss://host:6379');
    }
    const link = new RedisLink(url);
    try {
      await Promise.all([link.commands.connect(), link.subscriptions.connect()]);
    } catch {
      link.close();
      const message =
        'Cannot reach Redis, or it refuses this client. Check that it runs, and check the host, the port and the password of the URL';
      throw new ConfigurationError('ERR_REDIS_UNREACHABLE', message);
    }
    link.#opened = true;
    link.commands.on('reconnecting', () => link.#lost());
    link.commands.on('ready', () => void link.redeliver());
    return link;
  }

  /** The time of Redis, which all nodes share, in ms since the epoch. */
  now(): number {
    return Math.round(performance.now() + this.#ahead);
  }

  /** Heeds a time that Redis told after `from` and before now, both by `performance.now()`. */
  heed(time: number, from: number): void {
    const to = performance.now();
    const ahead = time - (from + to) / 2;
    // What is known already stands, unless this contradicts it.
    if (!(Math.abs(ahead - this.#ahead) <= (to - from) / 2)) this.#ahead = ahead;
  }

  /** @throws StoreError where Redis does not answer in time; what it was asked may have happened all the same */
  async ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await inTime(
        afterReading,
        LONGEST_COMMAND,
        () => command(this.commands),
        () => {
          throw new StoreError('Redis did not answer in time');
        },
      );
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError('Redis did not answer', { cause: error });
    }
  }

  /**
   * As `ask`, for an idempotent command. A failed command is kept under `name` and repeated by `redeliver`. While an
   * earlier command of the same `scope`, such as an account, is kept, a later one is kept behind it: an earlier change
   * must not undo a later one. A confirmed command is repeated if Redis is lost within 10 s, since Redis may lose it.
   */
  async deliver<T>(name: string, scope: string, command: (client: Client) => Promise<T>): Promise<T> {
    const kept = { scope, attempt: () => this.ask(command) };
    try {
      await this.redeliver();
      if (this.#isWaiting(scope)) throw new StoreError('Redis did not answer');
      const answer = await this.ask(command);
      this.#confirmed.set(name, kept);
      return answer;
    } catch (error) {
      this.#keep(name, kept);
      throw error;
    }
  }

  /** Whether a failed command of this name will be repeated. */
  keeps(name: string): boolean {
    return this.#undelivered.has(name);
  }

  /** Runs the kept commands in order. A command that Redis rejects stays, and does not block those of other scopes. */
  redeliver(): Promise<void> {
    if (this.#undelivered.size === 0) return Promise.resolve();
    return (this.#redelivering ??= this.#redeliver().finally(() => (this.#redelivering = undefined)));
  }

  async #redeliver(): Promise<void> {
    const rejected = new Set<string>();
    for (const [name, kept] of this.#undelivered) {
      if (rejected.has(kept.scope)) continue;
      try {
        await kept.attempt();
        // Unless a newer one has taken its place meanwhile.
        if (this.#undelivered.get(name) === kept) this.#undelivered.delete(name);
        this.#confirmed.set(name, kept);
      } catch (error) {
        if (!(error instanceof StoreError && error.cause instanceof ErrorReply)) return;
        rejected.add(kept.scope);
      }
    }
  }

  #isWaiting(scope: string): boolean {
    for (const kept of this.#undelivered.values()) if (kept.scope === scope) return true;
    return false;
  }

  #keep(name: string, kept: Kept): void {
    // A repeated command goes to the end: it must stay behind every earlier one.
    if (this.#undelivered.delete(name) || this.#undelivered.size < MOST_KEPT) this.#undelivered.set(name, kept);
  }

  /** The connection is lost: Redis may come back without what it confirmed last, which goes before what it did not confirm. */
  #lost(): void {
    const failed = [...this.#undelivered];
    this.#undelivered.clear();
    for (const [name, kept] of [...this.#confirmed.takeAll(), ...failed]) this.#keep(name, kept);
  }

  close(): void {
    for (const client of [this.commands, this.subscriptions]) if (client.isOpen) client.destroy();
  }
}

/** Where this process was busy itself, the answer may lie ready, and is read before the time is over. */
const afterReading: Pick<Clock, 'schedule'> = {
  schedule(ms, run) {
    const timer = setTimeout(() => setImmediate(run), ms);
    return () => clearTimeout(timer);
  },
};

interface Kept {
  /** Commands of one scope, such as an account, keep their order. */
  readonly scope: string;
  readonly attempt: () => Promise<unknown>;
}

/** The items that were added within the last `ms`, by name; at most `most` of them. */
class Recent<T> {
  readonly #items = new Map<string, { readonly item: T; readonly until: number }>();
  readonly #ms: number;
  readonly #most: number;

  constructor(ms: number, most: number) {
    this.#ms = ms;
    this.#most = most;
  }

  set(name: string, item: T): void {
    const now = performance.now();
    this.#items.delete(name);
    for (const [first, { until }] of this.#items) {
      if (until > now && this.#items.size < this.#most) break;
      this.#items.delete(first);
    }
    this.#items.set(name, { item, until: now + this.#ms });
  }

  /** In the order in which they came; none of them is here any more. */
  takeAll(): [name: string, item: T][] {
    const now = performance.now();
    const recent = [...this.#items].filter(([, { until }]) => until > now);
    this.#items.clear();
    return recent.map(([name, { item }]) => [name, item]);
  }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    return '';
  }
}
