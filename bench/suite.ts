import type { ContenderSpec } from '../harness/contender.ts';
import type { HttpLeg } from '../strategies/strategy.ts';
import type { Field, Stall } from './field.ts';
import type { MetricName } from './metrics.ts';
import type { Profile } from './profiles.ts';
import type { Cell, Timeline } from './run-file.ts';

/** Whose a figure is: a row's, or a library's where no server is measured. */
export type Owner = Pick<Cell, 'role' | 'strategy' | 'variant'>;

/** One row of the comparison. */
export interface Arm extends Owner {
  readonly title: string;
  readonly summary: string;
  readonly contender: ContenderSpec;
  /** Whether it turns away whoever presents nothing valid: checked before it is timed, and while it is. */
  readonly guarded: boolean;
  readonly httpLegs: readonly HttpLeg[];
  /** Variants that cost the same, and that only a storm tells from this one. */
  readonly alike?: readonly ContenderSpec[];
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
  /** The same against the baseline of its field, slice by slice: the median over the rounds. */
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
  readonly owner: Owner;
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
  /** Seconds, for one arm. */
  readonly expected: number;
  /** Only in so many repetitions; in all of them where it is absent. */
  readonly repetitions?: number;
  /** Runs before the processes are pinned: with all cores, a warm-up takes less time. */
  prepare?(field: Field, stalls: readonly Stall[]): Promise<void>;
  measure(field: Field, stalls: readonly Stall[], seed: number): Promise<ReadonlyMap<Stall, readonly Sample[]>>;
}

export interface Suite {
  readonly id: string;
  readonly title: string;
  /** What a reader learns from it. */
  readonly question: string;
  /** How it is measured, for the report. */
  readonly method: string;
  /** Which rows it has; the baseline is always one. */
  readonly takes: readonly Owner['role'][];
  /** Why it cannot be measured on this machine, if so. */
  missing?(): string | undefined;
  /** What this machine lacks that it goes on without, and how to get it, a line each. */
  lacks?(): readonly string[];
  /** Measured in fields that the suites of a run share, one after the other. */
  stages?(profile: Profile): readonly Stage[];
  /** Measured by itself. */
  blocks?(arms: readonly Arm[], profile: Profile): Block[];
}

export const ownerOf = ({ role, strategy, variant }: Owner): Owner => ({ role, strategy, variant });
export const nameOf = ({ strategy, variant }: Owner): string =>
  variant === null ? strategy : `${strategy} ${variant}`;

/** A block for each arm and repetition, whose figures are that arm's. */
export function armBlocks(
  { id: suite, takes }: Suite,
  what: string,
  arms: readonly Arm[],
  repetitions: number,
  options: Pick<Block, 'expected' | 'waits'>,
  measure: (
    arm: Arm,
    repetition: number,
  ) => Promise<readonly Sample[] | (Pick<Outcome, 'timelines'> & { samples: readonly Sample[] })>,
): Block[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    arms
      .filter(({ role }) => role === 'baseline' || takes.includes(role))
      .map((arm): Block => ({
        key: `${suite} ${what} ${nameOf(arm)} ${repetition}`,
        label: `${suite}, ${what}: ${nameOf(arm)}`,
        repetition,
        ...options,
        async run() {
          const result = await measure(arm, repetition);
          const { samples, timelines } = 'samples' in result ? result : { samples: result, timelines: undefined };
          const owned = samples.map((sample) => ({ ...sample, suite, owner: ownerOf(arm) }));
          return { samples: owned, ...(timelines && { timelines }) };
        },
      })),
  ).flat();
}
