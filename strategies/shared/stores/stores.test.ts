import { describe, it } from 'vitest';
import { forget, newPrefix } from '../../../harness/app/store.ts';
import { redisUrl, withoutRedis } from '../../../test/support/stores.ts';
import { memoryStores } from './memory/index.ts';
import { redisStores } from './redis/index.ts';
import { storeTests } from './store-tests/index.ts';

describe('the stores in memory keep the contract', () => {
  storeTests(it, memoryStores);
});

describe.skipIf(redisUrl === undefined)(`the stores on Redis keep the contract${withoutRedis}`, () => {
  // Redis itself ends a window of attempts, by its own time.
  const except = ['attempts-window'];
  storeTests(
    it,
    async (clock) => {
      const prefix = newPrefix();
      const open = () => redisStores({ url: redisUrl!, prefix, clock, sweepInterval: 200 });
      const opened = [await open()];
      return {
        ...opened[0]!,
        async another() {
          opened.push(await open());
          return opened.at(-1)!;
        },
        async close() {
          for (const stores of opened) await stores.close();
          await forget(redisUrl!, prefix);
        },
      };
    },
    { except },
  );
});
