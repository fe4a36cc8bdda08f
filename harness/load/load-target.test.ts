import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ClientHalf } from '../app/client-half.ts';
import { LoadTarget } from './load-target.ts';

const user = { subject: 'ada', username: 'ada', password: 'any' };

const createClient = () => ({
  signIn: async () => {},
  connectOptions: () => ({}),
  renew: async () => false,
  signOut: async () => {},
  expiresAt: undefined,
});

/** One connection to nobody, whose answers take `ms`, and never come where that is undefined. */
async function target(answerAfter: { ms: number | undefined }): Promise<LoadTarget> {
  const half: ClientHalf = {
    createClient,
    openConnection: async () => ({
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
  loaded.time(true);
  await delay(100);
  const { done } = loaded;
  loaded.time(false);
  await loaded.stop();
  loaded.keep();
  return { done, ...loaded.timings };
}

describe('a closed loop', () => {
  it('does not sleep before its last answer is there, and sleeps afterwards', async () => {
    const loaded = await target({ ms: 50 });
    const turned = vi.spyOn(globalThis, 'setImmediate');
    loaded.load(1);
    const stopped = loaded.stop();
    await delay(10);
    turned.mockClear();
    await delay(10);
    expect(turned).toHaveBeenCalled();
    await stopped;
    await delay(1);
    turned.mockClear();
    await delay(10);
    expect(turned).not.toHaveBeenCalled();
    turned.mockRestore();
  });
});

describe('an open loop', () => {
  it('waits for what is outstanding, and records it at the time that it took', async () => {
    const { done, latency, lag } = await pacedFor100ms(await target({ ms: 150 }));
    expect(done.offered).toBeGreaterThan(0);
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

describe('a closed loop', () => {
  /** Connections that keep what they were to say until they are told to answer. */
  async function held(connections: number) {
    const waiting: (() => void)[][] = Array.from({ length: connections }, () => []);
    let opened = 0;
    const half: ClientHalf = {
      createClient,
      openConnection: async (_client, _url, subject) => {
        const own = waiting[opened++]!;
        let first = true;
        return {
          say(answered) {
            const answer = () => answered({ from: subject });
            if (first) answer();
            else own.push(answer);
            first = false;
          },
          close() {},
        };
      },
    };
    const loaded = new LoadTarget('', half);
    await loaded.signIn(waiting.map((_, index) => ({ ...user, subject: `${index}` })));
    await loaded.connect(connections);
    return {
      loaded,
      inFlight: () => waiting.map(({ length }) => length),
      answer: (connection: number, count: number) =>
        waiting[connection]!.splice(0, count).forEach((answer) => answer()),
    };
  }

  it('has each connection send its share in one go, and again when all of it is answered', async () => {
    const { loaded, inFlight, answer } = await held(3);
    loaded.load(8);
    expect(inFlight()).toEqual([3, 3, 2]);
    answer(0, 2);
    expect(inFlight()).toEqual([1, 3, 2]);
    answer(0, 1);
    expect(inFlight()).toEqual([3, 3, 2]);
    expect(loaded.done).toMatchObject({ count: 3, wrong: 0 });
    const stopped = loaded.stop();
    [3, 3, 2].forEach((count, connection) => answer(connection, count));
    await stopped;
    expect(inFlight()).toEqual([0, 0, 0]);
  });

  it('sends one message after the other to each connection in turn, where there are more of these', async () => {
    const { loaded, inFlight, answer } = await held(3);
    loaded.load(1);
    const seen = [0, 1, 2].map((connection) => {
      const before = inFlight();
      answer(connection, 1);
      return before;
    });
    expect(seen).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]]); // prettier-ignore
    expect(inFlight()).toEqual([1, 0, 0]);
    const stopped = loaded.stop();
    answer(0, 1);
    await stopped;
  });

  it.each([
    ['never sleeps while it waits', true, [0.9, 1]],
    ['sleeps while it waits, where it is told to', false, [0, 0.5]],
  ] as const)('%s', async (_, awake, [least, most]) => {
    const { loaded, answer } = await held(1);
    loaded.load(1, awake);
    const before = performance.eventLoopUtilization();
    await delay(100);
    const { utilization } = performance.eventLoopUtilization(before);
    const stopped = loaded.stop();
    answer(0, 1);
    await stopped;
    expect(utilization).toBeGreaterThanOrEqual(least);
    expect(utilization).toBeLessThanOrEqual(most);
  });
});

it('forgets what was timed in a stretch that does not count', async () => {
  const loaded = await target({ ms: 1 });
  loaded.load(1);
  loaded.time(true);
  await delay(20);
  loaded.forget();
  await loaded.stop();
  expect(loaded.timings.latency.count).toBe(0);
});
