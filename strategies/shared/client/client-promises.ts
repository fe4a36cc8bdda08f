const LONGEST = 5000;
/** In ms: who asks for more patience than that is not heeded, since it may be anyone between here and the server. */
const MOST_PATIENCE = 60_000;

/**
 * Exponential, with full jitter: after `attempts` that failed before, and beyond the ms that the server has asked for. Ends
 * at once when `signal` aborts.
 */
export function backOff(
  { attempts, retryAfter = 0 }: { readonly attempts: number; readonly retryAfter?: number | undefined },
  signal?: AbortSignal,
): Promise<void> {
  const longest = Math.min(LONGEST, 100 * 2 ** attempts);
  const wait = Math.min(retryAfter, MOST_PATIENCE) + Math.random() * longest;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, wait);
    signal?.addEventListener('abort', end);
  });
}

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
