/** Time, injected, so that expiry is tested without sleeping. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms`; returns a function that cancels. Delays past 2^31-1 ms are cut to that. */
  schedule(ms: number, run: () => void): () => void;
}

/** Node's setTimeout fires at once above this (24.8 days). */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
