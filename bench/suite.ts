import type { Variant, VariantName } from '../strategies/strategy.ts';
import type { MetricName } from './metrics.ts';
import type { Profile } from './profiles.ts';
import type { Cell } from './run-file.ts';

/** One row of the comparison: a strategy in one variant. */
export interface Arm {
  readonly role: 'contestant' | 'baseline';
  readonly strategy: string;
  readonly variant: VariantName;
  readonly supports: Variant['supports'];
  readonly httpLegs: readonly string[];
}

/** One figure of one block. */
export interface Sample {
  readonly metric: MetricName;
  readonly value: number;
  readonly params: Cell['params'];
  readonly censored?: boolean;
  /** Why the figure does not count. */
  readonly void?: string;
}

/** Whose a sample is: an arm's, or a library's where no server is measured. */
export type Owner = Pick<Cell, 'role' | 'strategy' | 'variant'>;

/** Something that is measured in one go, in fresh processes. */
export interface Block {
  readonly suite: string;
  readonly label: string;
  /** Blocks of one group and repetition run one after the other. */
  readonly group: string;
  /** Which repetition it belongs to; the blocks of one are compared with each other. */
  readonly repetition: number;
  /** How long it takes, in seconds, before any was measured. */
  readonly expected: number;
  /** It waits rather than computes: several may run side by side. */
  readonly waits?: boolean;
  run(): Promise<readonly (Sample & { readonly owner: Owner })[]>;
}

export interface Suite {
  readonly id: string;
  readonly title: string;
  /** What a reader learns from it. */
  readonly question: string;
  /** How it is measured, for the report. */
  readonly method: string;
  blocks(arms: readonly Arm[], profile: Profile): Block[];
}

export const ownerOf = ({ role, strategy, variant }: Arm): Owner => ({ role, strategy, variant });

/** A block for each arm and repetition of a suite that measures arms. */
export function armBlocks(
  suite: string,
  arms: readonly Arm[],
  repetitions: number,
  options: Pick<Block, 'expected' | 'waits'>,
  measure: (arm: Arm) => Promise<readonly Sample[]>,
): Block[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    arms.map((arm): Block => ({
      suite,
      label: `${suite} ${arm.strategy} ${arm.variant}`,
      group: `${suite} ${arm.strategy} ${arm.variant}`,
      repetition,
      ...options,
      run: async () => (await measure(arm)).map((sample) => ({ ...sample, owner: ownerOf(arm) })),
    })),
  ).flat();
}
