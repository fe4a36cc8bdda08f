/** Time, injected, so that expiry is tested without sleeping. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms`; returns a function that cancels. Delays past 2^31-1 ms are cut to that. */
  schedule(ms: number, run: () => void): () => void;
  /**
   * The longest that a deadline may wait before the time is read again, in ms: timers do not notice that the time
   * stepped forward, as after a machine was suspended. Absent: this time does not step.
   */
  readonly longestWait?: number;
}

/** Node's setTimeout fires at once above this (24.8 days). */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * A clock by the time of day. It follows a step forward. It ignores a step back and goes on from where it was: what has
 * expired in this process stays expired.
 */
export function createSystemClock(): Clock {
  /** How far the time of day is ahead of `performance.now()`, in ms. It never shrinks. */
  let ahead = -Infinity;
  /** In ms of `performance.now()`. It is read for every message, and reading a second clock would double that cost. */
  let comparedAt = -Infinity;
  return {
    longestWait: 1000,
    now() {
      const elapsed = performance.now();
      if (elapsed >= comparedAt + 1) {
        ahead = Math.max(ahead, Date.now() - elapsed);
        comparedAt = elapsed;
      }
      return Math.floor(elapsed + ahead);
    },
    schedule(ms, run) {
      const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** The one clock of this process. */
export const systemClock = createSystemClock();
