import { createClient } from 'redis';
import { ConfigurationError, StoreError } from '../errors.ts';

export type Client = ReturnType<typeof createClient>;

/** How long Redis may take for one command, in ms. */
const LONGEST_COMMAND = 1000;
/** A connection on which nothing comes back for so long is taken for dead, in ms. */
const LONGEST_SILENCE = 3000;
const LONGEST_BACKOFF = 1000;

/**
 * Two connections to Redis, one of them for what is subscribed to. A command fails at once while there is no connection,
 * and within a second where nothing comes back; what must get through in the end is kept and tried again.
 */
export class RedisLink {
  readonly commands: Client;
  readonly subscriptions: Client;
  readonly #undelivered = new Set<() => Promise<unknown>>();
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
      const message = 'Cannot reach Redis, or it refuses us; is it running, and are the URL and its password right?';
      throw new ConfigurationError('ERR_REDIS_UNREACHABLE', message);
    }
    link.#opened = true;
    return link;
  }

  /** @throws StoreError where Redis does not answer in time; what it was asked may have happened all the same */
  async ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new StoreError('Redis did not answer in time')), LONGEST_COMMAND);
    });
    try {
      return await Promise.race([command(this.commands), late]);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError('Redis did not answer', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `ask`, for a command that may run twice: where it fails it is kept, and `redeliver` runs it again. */
  async deliver<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const attempt = () => this.ask(command);
    this.#undelivered.add(attempt);
    const result = await attempt();
    this.#undelivered.delete(attempt);
    return result;
  }

  /** In the order in which they came. @throws StoreError at the first that fails again */
  async redeliver(): Promise<void> {
    for (const attempt of this.#undelivered) {
      await attempt();
      this.#undelivered.delete(attempt);
    }
  }

  close(): void {
    for (const client of [this.commands, this.subscriptions]) if (client.isOpen) client.destroy();
  }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    return '';
  }
}
