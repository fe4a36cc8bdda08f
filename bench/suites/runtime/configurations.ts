import { fixedHeap } from '../../../harness/processes/launch.ts';
import type { Runtime } from './runtimes.ts';

/** MiB of each of the two semi-spaces of the young generation, or whatever Node and the load make of them. */
export const semiSpaces = ['default', 16, 32, 64] as const;
export type SemiSpace = (typeof semiSpaces)[number];

/** The flags of Node for a size; none under the defaults. */
export const flagsOf = (semiSpace: SemiSpace): string[] => (semiSpace === 'default' ? [] : fixedHeap(semiSpace));

/** Messages of full load before each of the two measurements of a process: by the first, V8 has compiled what they need. */
export const EARLY = 20_000;
export const LATE = 100_000;

/**
 * Seconds without load between the sign-ins and the load. V8 then counts few allocations since the last collection, and
 * the next one shrinks a young generation whose size is not fixed. In trials 8 s were too short.
 */
export const QUIET = 20;

/** What one server process is started with, and for how many seconds it waits for its load. */
export interface Configuration {
  readonly runtime: Runtime;
  readonly semiSpace: SemiSpace;
  readonly quiet: number;
}

/** Every size after a quiet time, and the default under load at once, too. */
export const configurationsOf = (runtime: Runtime): Configuration[] => [
  { runtime, semiSpace: 'default', quiet: 0 },
  ...semiSpaces.map((semiSpace) => ({ runtime, semiSpace, quiet: QUIET })),
];
