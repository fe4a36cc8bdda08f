import { createClient } from 'redis';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../harness/manual-clock.ts';
import { redisUrl, storeKinds } from '../../test/support/stores.ts';
import { ATTEMPT_WINDOW, MemoryAttempts } from './attempts.ts';
import { RedisAttempts } from './redis/attempts.ts';
import { RedisLink } from './redis/link.ts';

afterEach(() => vi.restoreAllMocks());

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

it('attempts in memory begin anew when their window has passed, and one that is taken back later adds nothing', async () => {
  const attempts = new MemoryAttempts();
  await attempts.add('ann');
  await attempts.add('ann');
  const passed = Date.now() + ATTEMPT_WINDOW;
  vi.spyOn(Date, 'now').mockImplementation(() => passed);
  await attempts.takeBack('ann');
  expect((await attempts.add('ann')).count).toBe(1);
});

it('attempts in memory are kept for a bounded number of names: the oldest gives way', async () => {
  const attempts = new MemoryAttempts(2);
  for (const name of ['ann', 'bob', 'bob', 'eve']) await attempts.add(name);
  expect((await attempts.add('bob')).count).toBe(3);
  expect((await attempts.add('ann')).count).toBe(1);
});

it.skipIf(redisUrl === undefined)(
  'attempts in Redis are seen by every node, and their keys end by themselves',
  async () => {
    const prefix = `lab-${crypto.randomUUID()}:`;
    const links = await Promise.all([RedisLink.open(redisUrl!), RedisLink.open(redisUrl!)]);
    const redis = createClient({ url: redisUrl! });
    await redis.connect();
    onTestFinished(async () => {
      await redis.del(`${prefix}attempts:ann`);
      redis.destroy();
      for (const link of links) link.close();
    });
    const [one, other] = links.map((link) => new RedisAttempts(link, prefix));
    await one!.add('ann');
    expect((await other!.add('ann')).count).toBe(2);
    const left = await redis.pTTL(`${prefix}attempts:ann`);
    expect(left).toBeGreaterThan(ATTEMPT_WINDOW - 5000);
    expect(left).toBeLessThanOrEqual(ATTEMPT_WINDOW);
  },
);
