import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Of times that were recorded, in ms. */
export interface Timings {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  /** [percentile, ms], closer together towards the end. */
  readonly distribution: [number, number][];
}

const PERCENTILES = [1, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.99];

/** Records times in ms into a histogram of Node's. */
export class Stopwatch {
  #histogram: RecordableHistogram = createHistogram();

  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1e6)));
  }

  /** Of what was recorded since the last take, in ms. */
  get p99(): number {
    return this.#histogram.count === 0 ? 0 : this.#histogram.percentile(99) / 1e6;
  }

  /** All since the last call. A percentile that has fewer than ten times beyond it is left out. */
  take(): Timings {
    const histogram = this.#histogram;
    this.#histogram = createHistogram();
    const { count } = histogram;
    const ms = (percentile: number) => (count === 0 ? 0 : histogram.percentile(percentile) / 1e6);
    const told = PERCENTILES.filter((percentile) => (count * (100 - percentile)) / 100 >= 10);
    return { count, p50: ms(50), p99: ms(99), distribution: told.map((percentile) => [percentile, ms(percentile)]) };
  }
}
