import type { Clock } from '../../strategies/strategy.ts';

/** Each connection is told to come back, which another node takes, at a time of its own within `window` ms. */
export async function drain<T>(clock: Clock, window: number, open: Iterable<T>, cut: (each: T) => void): Promise<void> {
  for (const each of open) clock.schedule(Math.random() * window, () => cut(each));
  await new Promise<void>((resolve) => clock.schedule(window, resolve));
}
