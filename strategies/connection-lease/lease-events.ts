import type { RefusalCode } from '../strategy.ts';

/** Events of leases, for an operator's metrics. */
export interface LeaseWatcher {
  refused(at: 'connect' | 'renewal', code: RefusalCode): void;
  /** A renewal has arrived. Returns a function that is called once it has succeeded. */
  renewing(): () => void;
  /** A connection is cut because nobody renewed its lease. */
  ended(): void;
}

/** Passes on what happens to the leases of one strategy module, which exports it. */
export class LeaseEvents implements LeaseWatcher {
  readonly #watchers: LeaseWatcher[] = [];

  watch(watcher: LeaseWatcher): void {
    this.#watchers.push(watcher);
  }

  refused(at: 'connect' | 'renewal', code: RefusalCode): void {
    for (const watcher of this.#watchers) watcher.refused(at, code);
  }

  renewing(): () => void {
    const renewed = this.#watchers.map((watcher) => watcher.renewing());
    return () => {
      for (const tell of renewed) tell();
    };
  }

  ended(): void {
    for (const watcher of this.#watchers) watcher.ended();
  }
}
