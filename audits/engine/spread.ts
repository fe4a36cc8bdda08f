import { rankOf } from '../../bench/stats/statistics.ts';
import type { Spread } from './audit-file.ts';

interface Time {
  readonly ms: number;
  /** The end was not seen: it took longer than `ms`. */
  readonly censored: boolean;
}

/** Quantiles by nearest rank. */
export function spreadOf(times: readonly Time[]): Spread {
  if (times.length === 0) return null;
  const sorted = times.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => rankOf(sorted, share)!;
  return {
    n: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1)!,
    censored: times.filter(({ censored }) => censored).length,
  };
}
