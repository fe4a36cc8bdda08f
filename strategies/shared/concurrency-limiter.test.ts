import { expect, it } from 'vitest';
import { gate } from '../../test/support/gate.ts';
import { ConcurrencyLimiter } from './concurrency-limiter.ts';

/** A limiter that is full: one task runs until `end`, and `begun` notes the tasks that have started since. */
function full(waiting: number) {
  const limiter = new ConcurrencyLimiter({ atOnce: 1, waiting });
  const running = gate();
  const first = limiter.run(() => running.passed);
  const begun: string[] = [];
  const ask = (name: string, signal?: AbortSignal) => limiter.run(() => begun.push(name), signal);
  return { limiter, begun, ask, end: () => (running.open(), first) };
}

it('runs so many tasks at a time, and the others in the order in which they came', async () => {
  const limiter = new ConcurrencyLimiter({ atOnce: 2, waiting: 3 });
  const gates = Array.from({ length: 5 }, () => gate());
  const begun: number[] = [];
  const all = gates.map(({ passed }, index) =>
    limiter.run(async () => {
      begun.push(index);
      await passed;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]!.open();
  await all[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const each of gates) each.open();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('gives the place of a task that throws to the next', async () => {
  const limiter = new ConcurrencyLimiter({ atOnce: 1, waiting: 0 });
  await expect(
    limiter.run(() => {
      throw new Error('broken');
    }),
  ).rejects.toThrow('broken');
  expect(await limiter.run(() => 'next')).toBe('next');
});

it('refuses as unavailable, at once, where the queue is full, and takes tasks again when it is not', async () => {
  const { ask, begun, end } = full(1);
  const waiting = ask('waiting');
  await expect(ask('one too many')).rejects.toMatchObject({ code: 'unavailable' });
  await end();
  await waiting;
  await ask('later');
  expect(begun).toEqual(['waiting', 'later']);
});

it('a task that is aborted while it waits never starts, and its place in the queue goes to another', async () => {
  const { ask, begun, end } = full(1);
  const leaving = new AbortController();
  const left = ask('left', leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'unavailable' });
  await expect(ask('gone before it came', leaving.signal)).rejects.toMatchObject({ code: 'unavailable' });
  const stayed = ask('stayed');
  await end();
  await stayed;
  expect(begun).toEqual(['stayed']);
});
