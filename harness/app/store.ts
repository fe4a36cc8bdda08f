import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { WsAuthOptions } from '../../gateways/options/ws-auth-options.ts';
import { redisAdapter, redisStores, type RedisStoresOptions } from '../../strategies/shared/stores/redis/index.ts';
import type { Clock } from '../../strategies/strategy.ts';

/** A Redis, and which part of it is an application's. Without a prefix it is an application of its own. */
export type StoreSpec = Omit<RedisStoresOptions, 'clock'>;

export const newPrefix = (): string => `ws-auth-lab:${randomUUID()}:`;

export interface OpenStore {
  readonly options: Pick<WsAuthOptions, 'stores' | 'adapter'>;
  /** After the application. */
  close(): Promise<void>;
}

/**
 * What a node that shares its stores is started with.
 * @throws ConfigurationError where that cannot be reached, or refuses us
 */
export async function openStore({ prefix, ...spec }: StoreSpec, clock: Clock): Promise<OpenStore> {
  const used = prefix ?? newPrefix();
  const { adapter, close } = await redisAdapter(spec.url, `${used}socket.io`);
  const stores = await redisStores({ ...spec, prefix: used, clock }).catch((error: unknown) => {
    close();
    throw error;
  });
  return {
    options: { stores, adapter },
    async close() {
      close();
      await stores.close();
      // Nobody else knows it.
      if (prefix === undefined) await forget(spec.url, used);
    },
  };
}

/** Deletes what an application left; where Redis is gone there is nothing to delete. */
export async function forget(url: string, prefix: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  try {
    await client.connect();
    for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) {
      if (keys.length > 0) await client.del(keys);
    }
  } catch {
    return;
  } finally {
    if (client.isOpen) client.destroy();
  }
}
