import type { RefusalCode } from '../../strategies/strategy.ts';

/** Counts of the events so far, and of the connections that are open or pending now. */
export interface ConnectionCounters {
  readonly open: number;
  readonly pending: number;
  readonly accepted: number;
  readonly renewals: number;
  readonly refused: Readonly<Partial<Record<RefusalCode, number>>>;
  readonly cut: Readonly<Partial<Record<RefusalCode, number>>>;
}

/** How often each code was given. */
class CodeCounts {
  readonly #counts = new Map<RefusalCode, number>();

  add(code: RefusalCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  get seen(): ConnectionCounters['refused'] {
    return Object.fromEntries(this.#counts);
  }
}

export class ConnectionCounts {
  accepted = 0;
  renewals = 0;
  readonly refused = new CodeCounts();
  readonly cut = new CodeCounts();

  with(now: Pick<ConnectionCounters, 'open' | 'pending'>): ConnectionCounters {
    const { accepted, renewals, refused, cut } = this;
    return { ...now, accepted, renewals, refused: refused.seen, cut: cut.seen };
  }
}
