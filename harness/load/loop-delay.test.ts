import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LoopDelay } from './loop-delay.ts';

it('counts what held the loop up while it was watched, and not the pause between', async () => {
  const loop = new LoopDelay();
  loop.watch(true);
  await delay(20);
  loop.watch(false);
  await delay(300);
  loop.watch(true);
  await delay(20);
  const pauseAlone = loop.seen.max;
  loop.forget();
  const until = performance.now() + 250;
  while (performance.now() < until);
  await delay(20);
  loop.watch(false);
  expect(loop.seen.max).toBeGreaterThan(Math.max(200, pauseAlone));
});
