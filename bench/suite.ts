import type { EntrySpec } from '../harness/entry.ts';
import type { HttpEndpoint } from '../strategies/strategy.ts';
import type { Group, RunningEntry } from './group.ts';
import type { MetricName } from './metrics.ts';
import type { Profile } from './profiles.ts';
import type { Cell, Timeline } from './run-file.ts';

/** Whose a figure is: a row's, or a library's where no server is measured. */
export type EntryKey = Pick<Cell, 'role' | 'strategy' | 'variant'>;

/** One row of the comparison. */
export interface Entry extends EntryKey {
  readonly title: string;
  readonly summary: string;
  readonly spec: EntrySpec;
  /** Whether it turns away whoever presents nothing valid: checked before it is timed, and while it is. */
  readonly guarded: boolean;
  readonly httpEndpoints: readonly HttpEndpoint[];
  /** Variants that cost the same, and that only a storm tells from this one. */
  readonly alike?: readonly EntrySpec[];
  /** The library, if any, that it verifies a token with on each message. */
  readonly verifies?: string;
  /** Whose versions matter to its figures. */
  readonly packages?: readonly string[];
  /** In what a peer behaves differently. */
  readonly differs?: readonly string[];
}

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

/** Something that is measured in one go, in fresh processes. */
export interface Block {
  /** Stable and unique: a run that goes on knows by it what it has. */
  readonly key: string;
  readonly label: string;
  /** Which repetition it belongs to; the blocks of one are compared with each other. */
  readonly repetition: number;
  /** How long it takes, in seconds, before any was measured. */
  readonly expected: number;
  /** It waits rather than computes: several may run side by side. */
  readonly waits?: boolean;
  run(): Promise<Outcome>;
}

/** What a suite measures of servers that are all up at once. */
export interface Stage {
  /** Seconds, for one entry. */
  readonly expected: number;
  /** Only in so many repetitions; in all of them where it is absent. */
  readonly repetitions?: number;
  /** Runs before the processes are pinned: with all cores, a warm-up takes less time. */
  prepare?(group: Group, runningEntries: readonly RunningEntry[]): Promise<void>;
  measure(
    group: Group,
    runningEntries: readonly RunningEntry[],
    seed: number,
  ): Promise<ReadonlyMap<RunningEntry, readonly Sample[]>>;
}

export interface Suite {
  readonly id: string;
  readonly title: string;
  /** What a reader learns from it. */
  readonly question: string;
  /** How it is measured, for the report. */
  readonly method: string;
  /** Which rows it has; the baseline is always one. */
  readonly takes: readonly EntryKey['role'][];
  /** Why it cannot be measured on this machine, if so. */
  missing?(): string | undefined;
  /** What this machine lacks that it goes on without, and how to get it, a line each. */
  lacks?(): readonly string[];
  /** Measured in groups that the suites of a run share, one after the other. */
  stages?(profile: Profile): readonly Stage[];
  /** Measured by itself. */
  blocks?(entries: readonly Entry[], profile: Profile): Block[];
}

export const entryKeyOf = ({ role, strategy, variant }: EntryKey): EntryKey => ({ role, strategy, variant });
export const nameOf = ({ strategy, variant }: EntryKey): string =>
  variant === null ? strategy : `${strategy} ${variant}`;

/** A block for each entry and repetition, whose figures are that entry's. */
export function entryBlocks(
  { id: suite, takes }: Suite,
  what: string,
  entries: readonly Entry[],
  repetitions: number,
  options: Pick<Block, 'expected' | 'waits'>,
  measure: (
    entry: Entry,
    repetition: number,
  ) => Promise<readonly Sample[] | (Pick<Outcome, 'timelines'> & { samples: readonly Sample[] })>,
): Block[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    entries
      .filter(({ role }) => role === 'baseline' || takes.includes(role))
      .map((entry): Block => ({
        key: `${suite} ${what} ${nameOf(entry)} ${repetition}`,
        label: `${suite}, ${what}: ${nameOf(entry)}`,
        repetition,
        ...options,
        async run() {
          const result = await measure(entry, repetition);
          const { samples, timelines } = 'samples' in result ? result : { samples: result, timelines: undefined };
          const owned = samples.map((sample) => ({ ...sample, suite, entry: entryKeyOf(entry) }));
          return { samples: owned, ...(timelines && { timelines }) };
        },
      })),
  ).flat();
}
