const LONGEST = 5000;
/** In ms: who asks for more patience than that is not heeded, since it may be anyone between here and the server. */
const MOST_PATIENCE = 60_000;

/**
 * How long to back off, in ms: exponential, with full jitter, after `attempts` that failed before, and beyond the ms that the
 * server has asked for.
 */
export function backOff({
  attempts,
  retryAfter = 0,
}: {
  readonly attempts: number;
  readonly retryAfter?: number | undefined;
}): number {
  const longest = Math.min(LONGEST, 100 * 2 ** attempts);
  return Math.min(retryAfter, MOST_PATIENCE) + Math.random() * longest;
}

/** Resolves after so many ms, or at once when `signal` aborts, which is of this pause alone. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** A promise, and how to settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Promise.withResolvers, which Node has from 22 on. */
export function withResolvers<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((settle, fail) => ([resolve, reject] = [settle, fail]));
  return { promise, resolve, reject };
}
