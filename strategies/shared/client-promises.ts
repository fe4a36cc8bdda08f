const LONGEST = 5000;

/** Exponential, with full jitter: after `attempts` that failed before. */
export function backOff(attempts: number): Promise<void> {
  const longest = Math.min(LONGEST, 100 * 2 ** attempts);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/** Promise.withResolvers, which Node has from 22 on. */
export function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
