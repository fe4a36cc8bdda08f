import type { Clock } from './clock.ts';

/** How long an attempt counts, in ms, from the first one of its name. */
export const ATTEMPT_WINDOW = 15 * 60_000;

export interface Counted {
  /** How many attempts there are under this name, this one included. */
  readonly count: number;
  /** In how many ms they are all forgotten. */
  readonly endsIn: number;
}

/** Counts attempts by a name, such as the hash of an address. Every step is atomic, on all nodes that share the store. */
export interface Attempts {
  /** Counts one more. */
  add(name: string): Promise<Counted>;
  /** Takes one back, where any is counted. */
  takeBack(name: string): Promise<void>;
  /** Forgets them all. */
  clear(name: string): Promise<void>;
}

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
