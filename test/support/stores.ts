import { newPrefix, forget } from '../../harness/app/store.ts';
import { redisStores } from '../../strategies/shared/stores/redis/index.ts';
import { memoryStores } from '../../strategies/shared/stores/memory/index.ts';
import { type Clock, type Stores } from '../../strategies/strategy.ts';

/** The Redis of the tests; undefined where they are skipped. */
export const redisUrl = process.env['REDIS_URL'];
/** The reason that a title gives for skipped tests. */
export const withoutRedis = redisUrl === undefined ? ' (skipped: there is no redis-server here)' : '';

/** How to open stores of each kind; what they hold is gone once they are closed. */
export const storeKinds: readonly (readonly [string, (clock: Clock) => Promise<Opened>])[] = [
  ['memory', async (clock) => ({ ...memoryStores(clock), close: async () => {} })],
  ...(redisUrl === undefined ? [] : [['Redis', (clock: Clock) => openRedis(redisUrl, clock)] as const]),
];

type Opened = Stores & { close(): Promise<void> };

async function openRedis(url: string, clock: Clock): Promise<Opened> {
  const prefix = newPrefix();
  const stores = await redisStores({ url, prefix, clock });
  return {
    ...stores,
    async close() {
      await stores.close();
      await forget(url, prefix);
    },
  };
}
