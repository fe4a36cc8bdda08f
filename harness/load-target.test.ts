import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ClientHalf } from './contender.ts';
import { LoadTarget } from './load-target.ts';

const user = { subject: 'ada', username: 'ada', password: 'any' };

/** One connection to nobody, whose answers take `ms`, and never come where that is undefined. */
async function target(answerAfter: { ms: number | undefined }): Promise<LoadTarget> {
  const half: ClientHalf = {
    createClient: () => ({
      signIn: async () => {},
      connectOptions: () => ({}),
      renew: async () => false,
      signOut: async () => {},
      expiresAt: undefined,
    }),
    openLine: async () => ({
      say(answered) {
        if (answerAfter.ms !== undefined) setTimeout(() => answered({ from: 'ada' }), answerAfter.ms);
      },
      close() {},
    }),
  };
  const loaded = new LoadTarget('', half);
  await loaded.signIn([user]);
  await loaded.connect(1);
  return loaded;
}

/** An open loop that is timed for 100 ms. */
async function pacedFor100ms(loaded: LoadTarget) {
  loaded.pace(500, 1);
  loaded.done(true);
  await delay(100);
  const done = loaded.done(false);
  await loaded.stop();
  loaded.keep();
  return { done, ...loaded.timings() };
}

describe('an open loop', () => {
  it('waits for what is outstanding, and records it at the time that it took', async () => {
    const { done, latency, lag } = await pacedFor100ms(await target({ ms: 150 }));
    expect(done.offered).toBeGreaterThan(10);
    expect(done.count).toBe(0);
    expect(latency.count).toBe(lag.count);
    expect(latency.p50).toBeGreaterThanOrEqual(149);
  });

  it('records what is never answered at its age', async () => {
    const answerAfter: { ms: number | undefined } = { ms: 1 };
    const loaded = await target(answerAfter);
    answerAfter.ms = undefined;
    const { latency, lag } = await pacedFor100ms(loaded);
    expect(latency.count).toBe(lag.count);
    expect(latency.p50).toBeGreaterThan(1900);
  });
});

it('forgets what was timed in a stretch that does not count', async () => {
  const loaded = await target({ ms: 1 });
  loaded.load(1);
  loaded.done(true);
  await delay(20);
  loaded.forget();
  await loaded.stop();
  expect(loaded.timings().latency.count).toBe(0);
});
