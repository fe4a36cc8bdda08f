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

/** The conclusion, then the claims that come out otherwise and those that this run cannot decide; `all` lists every claim. */
export function agreementText(rows: readonly Agreement[], all: boolean): string {
  const of = (wanted: boolean | undefined) => rows.filter(({ agrees }) => agrees === wanted);
  const [agreeing, differing, open] = [of(true), of(false), of(undefined)];
  const rest = [
    differing.length > 0 && `${differing.length} ${differing.length === 1 ? 'comes' : 'come'} out differently`,
    open.length > 0 && `this run cannot decide ${open.length}`,
  ].filter((text) => text !== false);
  const conclusion = `This machine agrees with ${agreeing.length} of ${rows.length} claims${rest.length === 0 ? '' : `; ${rest.join('; ')}`}.`;
  const lines = (name: string, group: readonly Agreement[]) =>
    group.map(({ id, recorded, own }) =>
      [`${name}: ${id}`, `  recorded  ${said(recorded)}`, `  here      ${said(own)}`].join('\n'),
    );
  const hint = all || agreeing.length === 0 ? [] : ['The claims that agree: see --all'];
  return [
    conclusion,
    ...lines('differs', differing),
    ...lines('undecided', open),
    ...(all ? lines('agrees', agreeing) : hint),
  ].join('\n');
}

const said = ({ outcome, figure }: Verdict): string => (figure === '' ? outcome : `${outcome}: ${figure}`);
