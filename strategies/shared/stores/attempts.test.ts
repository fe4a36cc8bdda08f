import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { forget, newPrefix } from '../../../harness/app/store.ts';
import { redisUrl, withoutRedis } from '../../../test/support/stores.ts';
import { ToxicProxy } from '../../../test/support/toxic-proxy.ts';
import { MemoryAttempts } from './memory/attempts.ts';
import { ATTEMPT_WINDOW } from './attempts.ts';
import { StoreError } from '../errors.ts';
import { redisStores } from './redis/index.ts';

describe('attempts in memory', () => {
  it('begin anew when their window has passed, and one that is taken back later adds nothing', async () => {
    const clock = new ManualClock();
    const attempts = new MemoryAttempts(clock);
    await attempts.add('ann');
    expect(await attempts.add('ann')).toEqual({ count: 2, endsIn: ATTEMPT_WINDOW });
    clock.advance(ATTEMPT_WINDOW - 1);
    expect(await attempts.add('ann')).toEqual({ count: 3, endsIn: 1 });
    clock.advance(1);
    await attempts.takeBack('ann');
    expect(await attempts.add('ann')).toEqual({ count: 1, endsIn: ATTEMPT_WINDOW });
  });

  it('are kept for a bounded number of names: the one whose window began first is forgotten', async () => {
    const clock = new ManualClock();
    const attempts = new MemoryAttempts(clock, 2);
    for (const name of ['ann', 'bob', 'bob', 'eve']) await attempts.add(name);
    expect((await attempts.add('bob')).count).toBe(3);
    expect((await attempts.add('ann')).count).toBe(1);
    clock.advance(ATTEMPT_WINDOW);
    for (const name of ['bob', 'ann', 'bob', 'eve']) await attempts.add(name);
    expect((await attempts.add('ann')).count).toBe(2);
    expect((await attempts.add('bob')).count).toBe(1);
  });
});

describe.skipIf(redisUrl === undefined)(`attempts in Redis${withoutRedis}`, () => {
  async function open(url = redisUrl!, prefix = newPrefix()) {
    const { attempts, close } = await redisStores({ url, prefix });
    onTestFinished(async () => {
      await close();
      await forget(redisUrl!, prefix);
    });
    return { attempts, prefix };
  }

  it('are seen by every node, and their keys end by themselves', async () => {
    const { attempts: one, prefix } = await open();
    const { attempts: other } = await open(redisUrl, prefix);
    const redis = createClient({ url: redisUrl! });
    await redis.connect();
    onTestFinished(() => redis.destroy());
    const first = await one.add('ann');
    const second = await other.add('ann');
    expect(second.count).toBe(2);
    expect(first.endsIn).toBeLessThanOrEqual(ATTEMPT_WINDOW);
    expect(second.endsIn).toBeLessThanOrEqual(first.endsIn);
    const left = await redis.pTTL(`${prefix}attempts:ann`);
    expect(left).toBeGreaterThan(ATTEMPT_WINDOW - 5000);
    expect(left).toBeLessThanOrEqual(ATTEMPT_WINDOW);
  });

  it('that Redis comes to after their caller has given up are not counted', async () => {
    const proxy = await ToxicProxy.start(Number(new URL(redisUrl!).port));
    onTestFinished(() => proxy.stop());
    const { attempts } = await open(proxy.url);
    proxy.set('stalled');
    const late = Array.from({ length: 10 }, () => attempts.add('ann'));
    for (const { reason } of (await Promise.allSettled(late)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(StoreError);
    }
    proxy.set('none');
    expect((await attempts.add('ann')).count).toBe(1);
  });
});
