import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Of times that were recorded, in ms. */
export interface Timings {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  /** [percentile, ms], closer together towards the end. */
  readonly distribution: [number, number][];
}

/** Whether so many times tell a percentile: ten of them lie beyond it. */
export const tells = (count: number, percentile: number): boolean => (count * (100 - percentile)) / 100 >= 10;

const PERCENTILES = [1, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.99];

/** Records times in ms into a histogram of Node's, a stretch at a time: each is kept or forgotten. */
export class Stopwatch {
  readonly #stretch: RecordableHistogram = createHistogram();
  readonly #kept: RecordableHistogram = createHistogram();

  record(ms: number): void {
    this.#stretch.record(Math.max(1, Math.round(ms * 1e6)));
  }

  /** Of the stretch so far, in ms. */
  get p99(): number {
    return this.#stretch.count === 0 ? 0 : this.#stretch.percentile(99) / 1e6;
  }

  keep(): void {
    this.#kept.add(this.#stretch);
    this.#stretch.reset();
  }

  forget(): void {
    this.#stretch.reset();
  }

  /** Forgets what was kept too. */
  clear(): void {
    this.#stretch.reset();
    this.#kept.reset();
  }

  /** Of all that was kept. A percentile that it does not tell is left out of the distribution. */
  get kept(): Timings {
    const histogram = this.#kept;
    const { count } = histogram;
    const ms = (percentile: number) => (count === 0 ? 0 : histogram.percentile(percentile) / 1e6);
    const told = PERCENTILES.filter((percentile) => tells(count, percentile));
    return { count, p50: ms(50), p99: ms(99), distribution: told.map((percentile) => [percentile, ms(percentile)]) };
  }
}
