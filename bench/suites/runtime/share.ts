import type { Interval } from '../../stats/statistics.ts';

/** Of all intervals, the share that miss on each side. */
const TAIL = 0.025;
/** Halvings of [0, 1]: the bounds are exact to 1e-12. */
const HALVINGS = 40;

/**
 * A share of so many processes, with Clopper and Pearson's exact 95% interval: it has bounds where none or all were
 * seen, too. NaN where there are no processes.
 */
export function exactShare(seen: number, all: number): Interval {
  if (all === 0) return { estimate: NaN, low: NaN, high: NaN };
  return {
    estimate: seen / all,
    low: seen === 0 ? 0 : 1 - upperBound(all - seen, all),
    high: seen === all ? 1 : upperBound(seen, all),
  };
}

/** The probability at which so few are seen as rarely as `TAIL`. */
function upperBound(seen: number, all: number): number {
  let [low, high] = [seen / all, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (atMost(seen, all, middle) > TAIL) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The binomial probability of `seen` or fewer among `all`. */
function atMost(seen: number, all: number, probability: number): number {
  let [term, sum] = [(1 - probability) ** all, 0];
  for (let count = 0; count <= seen; count++) {
    sum += term;
    term *= ((all - count) / (count + 1)) * (probability / (1 - probability));
  }
  return sum;
}
