import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs something for each item, at most `atOnce` at a time. After a failure nothing more begins, and it rejects once what
 * is under way has ended.
 */
export async function inLanes<T>(
  items: readonly T[],
  atOnce: number,
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
    } finally {
      // Empty already, unless this lane has failed.
      waiting.length = 0;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  const failed = lanes.find((settled) => settled.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Returns a function whose promise resolves when it is the caller's turn. Turns come in the order of the calls, at least `ms`
 * apart. A test can replace `pause`.
 */
export function turnsApart(
  ms: number,
  pause: (ms: number) => Promise<void> = (length) => delay(length),
): () => Promise<void> {
  let free = Promise.resolve();
  return () => {
    const turn = free;
    free = turn.then(() => pause(ms));
    return turn;
  };
}
