import type { Clock } from '../../clock.ts';
import { ATTEMPT_WINDOW, type Attempts, type Counted } from '../attempts.ts';

interface Window {
  count: number;
  /** ms since the epoch */
  readonly endsAt: number;
}

/** Attempts in the memory of one process. It keeps a bounded number of names: a new one replaces the oldest. */
export class MemoryAttempts implements Attempts {
  readonly #clock: Clock;
  readonly #most: number;
  /** All windows are equally long: in the order in which they began, which is the Map's, they end. */
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, most = 100_000) {
    this.#clock = clock;
    this.#most = most;
  }

  async add(name: string): Promise<Counted> {
    const now = this.#clock.now();
    const window = this.#open(name, now) ?? this.#begin(name, now);
    window.count += 1;
    return { count: window.count, endsIn: window.endsAt - now };
  }

  async takeBack(name: string): Promise<void> {
    const window = this.#open(name, this.#clock.now());
    if (window === undefined) return;
    window.count -= 1;
    if (window.count === 0) this.#windows.delete(name);
  }

  async clear(name: string): Promise<void> {
    this.#windows.delete(name);
  }

  #open(name: string, now: number): Window | undefined {
    const window = this.#windows.get(name);
    return window !== undefined && now < window.endsAt ? window : undefined;
  }

  #begin(name: string, now: number): Window {
    this.#windows.delete(name);
    for (const [oldest, { endsAt }] of this.#windows) {
      if (now < endsAt && this.#windows.size < this.#most) break;
      this.#windows.delete(oldest);
    }
    const window = { count: 0, endsAt: now + ATTEMPT_WINDOW };
    this.#windows.set(name, window);
    return window;
  }
}
