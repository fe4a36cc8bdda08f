import { performance } from 'node:perf_hooks';
import { seeded } from '../app/random.ts';

export interface Pace {
  readonly perSecond: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `send` at random times, `perSecond` on average (a Poisson process, drawn from the seed), with when it was to be
 * called, in ms of `performance.now()`. Whatever is due is sent at once: a late sender catches up and hides nothing.
 */
export function pace(
  { perSecond, seed, signal }: Pace,
  send: (index: number, intended: number) => void,
): Promise<void> {
  const random = seeded(seed);
  const gap = (): number => (-Math.log(1 - random()) * 1000) / perSecond;
  let [index, next] = [0, performance.now() + gap()];
  return new Promise((resolve) => {
    const tick = (): void => {
      if (signal.aborted) return resolve();
      for (const now = performance.now(); next <= now; next += gap()) send(index++, next);
      // A timer is late by up to a millisecond and more; the event loop's own turn is not.
      setImmediate(tick);
    };
    tick();
  });
}
