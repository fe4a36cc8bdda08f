import type { EntryKey } from './entry.ts';
import type { MetricName } from './metrics.ts';
import type { Cell, Timeline } from './run-file.ts';

/** One figure of one block. */
export interface Sample {
  readonly metric: MetricName;
  readonly value: number;
  readonly params: Cell['params'];
  readonly censored?: boolean;
  /** Why the figure does not count. */
  readonly void?: string;
  /** Why its answers were wrong: the whole cell is void, and the run has failed. */
  readonly wrong?: string;
  readonly distribution?: Cell['distribution'];
  /** The same against the baseline of its group, slice by slice: the median over the rounds. */
  readonly paired?: Paired;
}

/** A figure against the baseline's. */
export interface Paired {
  readonly ratio: number;
  /** In the metric's unit. */
  readonly added: number;
}

/** A sample with what it belongs to. */
export interface Recorded extends Sample {
  readonly suite: string;
  readonly entry: EntryKey;
  readonly repetition: number;
  /** The block that it comes from: figures of one block are pairs. */
  readonly block: string;
}

/** What came of one block: figures, and what failed without ending it. */
export interface Outcome {
  readonly samples: readonly Omit<Recorded, 'block' | 'repetition'>[];
  readonly failures?: readonly string[];
  readonly timelines?: readonly Timeline[];
}

/** Sees whether the machine stood still. */
export interface Watch {
  /** Runs `use`, and watches for a pause meanwhile: it would change figures that are times by the clock. */
  during<T>(use: () => Promise<T>): Promise<T>;
}

/** Something that is measured in one go, in fresh processes. */
export interface Block {
  /** Stable and unique: a run that goes on knows by it what it has. */
  readonly key: string;
  readonly label: string;
  /** A description in plain words, for progress; the plan takes the title of the suite. */
  readonly about?: string;
  /** Which repetition it belongs to; the blocks of one are compared with each other. */
  readonly repetition: number;
  /** How long it takes, in seconds, before any was measured. */
  readonly expected: number;
  /** It waits rather than computes: several may run side by side. */
  readonly waits?: boolean;
  run(watch: Watch): Promise<Outcome>;
}
