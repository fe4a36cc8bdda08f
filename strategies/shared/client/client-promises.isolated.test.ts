import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { backOff, pause } from './client-promises.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it.each([
  ['nothing', undefined, 0],
  ['3 s', 3000, 3000],
  ['a day', 86_400_000, 60_000],
])('whoever is asked to wait for %s does so, and then some more by chance', async (_, retryAfter, least) => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  let waited = false;
  void pause(backOff({ attempts: 0, retryAfter })).then(() => (waited = true));
  await vi.advanceTimersByTimeAsync(Math.max(0, least - 1));
  expect(waited).toBe(false);
  await vi.advanceTimersByTimeAsync(101);
  expect(waited).toBe(true);
});
