import type { Verdict } from './claim.ts';
import type { Judged } from './render.ts';

export interface Agreement {
  readonly id: string;
  readonly recorded: Verdict;
  readonly own: Verdict;
  /** Whether it comes to the same verdict; undefined where the other run cannot tell. */
  readonly agrees: boolean | undefined;
}

/** Claim by claim, of those that a run can tell: whether another run comes to the same verdict. */
export function agreement(recorded: Judged, own: Judged): Agreement[] {
  return recorded.flatMap(({ claim, verdict }, index) => {
    // What takes several nodes has a run of its own.
    if (claim.needs.bench === undefined || verdict.outcome === 'inconclusive' || claim.needs.bench.nodes) return [];
    const other = own[index]!.verdict;
    const agrees = other.outcome === 'inconclusive' ? undefined : verdict.outcome === other.outcome;
    return [{ id: claim.id, recorded: verdict, own: other, agrees }];
  });
}
