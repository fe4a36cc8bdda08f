import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { forget, newPrefix } from '../../../harness/app/store.ts';
import { redisUrl, storeKinds, withoutRedis } from '../../../test/support/stores.ts';
import { ToxicProxy } from '../../../test/support/toxic-proxy.ts';
import { MemoryAttempts } from './memory/attempts.ts';
import { ATTEMPT_WINDOW } from './attempts.ts';
import { StoreError } from '../errors.ts';
import { redisStores } from './redis/index.ts';

describe.each(storeKinds)('attempts in %s', (_, open) => {
  async function start() {
    const { attempts, close } = await open(new ManualClock());
    onTestFinished(close);
    return attempts;
  }

  it('are counted by name, each once, however many come in one moment', async () => {
    const attempts = await start();
    const counted = await Promise.all(Array.from({ length: 20 }, () => attempts.add('ann')));
    expect(counted.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_unused, index) => index + 1),
    );
    expect((await attempts.add('bob')).count).toBe(1);
  });

  it('end one window after the first of them, whatever comes later', async () => {
    const attempts = await start();
    const first = await attempts.add('ann');
    const second = await attempts.add('ann');
    expect(first.endsIn).toBeLessThanOrEqual(ATTEMPT_WINDOW);
    expect(first.endsIn).toBeGreaterThan(ATTEMPT_WINDOW - 5000);
    expect(second.endsIn).toBeLessThanOrEqual(first.endsIn);
  });

  it('are taken back one by one, never below none, and cleared at once', async () => {
    const attempts = await start();
    await attempts.takeBack('ann');
    for (let count = 1; count <= 3; count++) expect((await attempts.add('ann')).count).toBe(count);
    await attempts.takeBack('ann');
    expect((await attempts.add('ann')).count).toBe(3);
    for (let times = 0; times < 5; times++) await attempts.takeBack('ann');
    expect((await attempts.add('ann')).count).toBe(1);
    await attempts.add('ann');
    await attempts.clear('ann');
    expect((await attempts.add('ann')).count).toBe(1);
  });
});

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
    await one.add('ann');
    expect((await other.add('ann')).count).toBe(2);
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
