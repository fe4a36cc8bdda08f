import { createHistogram, performance } from 'node:perf_hooks';

/** How often it looks, in ms. */
const EVERY = 5;

/**
 * How late the event loop was, over the stretches in which it was watched. `monitorEventLoopDelay` of `node:perf_hooks`
 * takes the pause between two stretches for a delay.
 */
export class LoopDelay {
  readonly #late = createHistogram();
  #timer: NodeJS.Timeout | undefined;

  watch(on: boolean): void {
    clearInterval(this.#timer);
    if (!on) return;
    let due = performance.now() + EVERY;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#late.record(Math.max(1, Math.round((now - due) * 1e6)));
      due = now + EVERY;
    }, EVERY);
  }

  forget(): void {
    this.#late.reset();
  }

  /** In ms. One long iteration is one look of many: the 99th percentile may pass it over. */
  get seen(): { p99: number; max: number } {
    return { p99: this.#late.percentile(99) / 1e6, max: this.#late.max / 1e6 };
  }
}
