import { AuthError } from './errors.ts';

/** How many tasks may run at a time, and how many more may wait for a place. */
export interface ConcurrencyLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/**
 * Runs a bounded number of tasks at a time and queues a bounded number more, in the order in which they came. Without the
 * first bound, thousands of tasks would time out together. Without the second, the queue could fill the memory.
 */
export class ConcurrencyLimiter {
  /** Functions that start the waiting tasks. A Set keeps the order, and removes from the middle in constant time. */
  readonly #waiting = new Set<() => void>();
  readonly #mostWaiting: number;
  #free: number;

  constructor({ atOnce, waiting }: ConcurrencyLimits) {
    this.#free = atOnce;
    this.#mostWaiting = waiting;
  }

  /**
   * Runs `task` once there is a place, and answers what it answers. Aborting `signal` takes a task that still waits
   * out of the queue; it does nothing to one that runs.
   * @throws AuthError `unavailable`, at once, where the queue is full or the signal has aborted; whatever `task` throws
   */
  async run<T>(task: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw new AuthError('unavailable');
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#mostWaiting) throw new AuthError('unavailable');
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(start);
        reject(new AuthError('unavailable'));
      };
      this.#waiting.add(start);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Passes the place on to whoever has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
