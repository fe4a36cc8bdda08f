import { noiseOf, tooFewBlocks, verdictOf } from '../noise.ts';
import { profiles } from '../profiles.ts';
import type { Cell, Run } from '../run-file.ts';
import { figure } from './format.ts';
import { isSafe } from './gives-way.ts';
import { contestantsOf, type Row, SATURATED } from './rows.ts';

/** What is within this of the open door, all of its interval, counts as near it. */
const NEAR = 1.1;

/** The nearest to the open door first; what is told from it is parted by its estimate. */
const tiers = ['near', 'untold', 'half', 'thrice', 'more'] as const;
type Tier = (typeof tiers)[number];

interface Judged {
  readonly row: Row;
  readonly cell: Cell | undefined;
  /** By CPU per message at saturation; undefined where that was not measured, or has no interval. */
  readonly tier: Tier | undefined;
  readonly safe: boolean;
}

/** Each contestant with its tier. */
export function judge(run: Run): Judged[] {
  return contestantsOf(run).map((row) => {
    const cell = row.cell('server-cpu-per-message', SATURATED);
    return { row, cell, tier: cell && tierOf(run, cell), safe: isSafe(row) };
  });
}

function tierOf(run: Run, cell: Cell): Tier | undefined {
  const { ratio } = cell;
  if (cell.void !== undefined || ratio === null || ratio.ciHigh === null) return undefined;
  if (ratio.ciHigh <= NEAR) return 'near';
  if (verdictOf(run, cell) !== 'told') return 'untold';
  return ratio.estimate < 1.5 ? 'half' : ratio.estimate < 3 ? 'thrice' : 'more';
}

/** For sorting: the nearest tier first, what is in none last. */
export const rankOf = ({ tier }: Judged): number => (tier === undefined ? tiers.length : tiers.indexOf(tier));

/** Why a run gives no tiers; undefined where it does. */
function whyNone(run: Run, judged: readonly Judged[]): string | undefined {
  const cells = judged.flatMap(({ cell }) => cell ?? []);
  if (profiles.find(({ id }) => id === run.profile)?.claims === false)
    return `the profile ${run.profile} proves that everything runs, and claims nothing.`;
  if (cells.length === 0) return 'this run did not measure what a message costs at saturation.';
  if (cells.every(({ ratio }) => (ratio?.ciLow ?? null) === null))
    return 'no strategy has the six blocks that an interval takes.';
  const short = tooFewBlocks(run, cells[0]!);
  if (short !== undefined)
    return `to tell any difference among ${short.comparisons} strategies takes ${short.needed} blocks, and this run has ${short.blocks}.`;
  const noise = noiseOf(run, cells[0]!);
  if (noise === undefined) return 'no twin of the open door gave an interval, so the noise of this run is not known.';
  return noise.separated
    ? 'this run told two names of the same code apart, so its differences mean nothing.'
    : undefined;
}

/** What the run says to pick, and why; every word follows from its cells. */
export function whatToPick(run: Run): string {
  const judged = judge(run);
  const why = whyNone(run, judged);
  if (why !== undefined) return `**Verdicts are withheld:** ${why}`;
  const atMost = Math.max(...judged.filter(({ tier }) => tier === 'untold').map(({ cell }) => cell!.ratio!.ciHigh!));
  const names: Record<Tier, string> = {
    near: 'At most 10% dearer than the open door',
    untold: `This run cannot tell from the open door, at most x${figure(atMost)}`,
    half: 'Dearer by less than half',
    thrice: 'Up to three times as dear',
    more: 'More than three times as dear',
  };
  const lines = [...tiers, undefined].flatMap((tier) => {
    const own = judged.filter((one) => one.tier === tier);
    return own.length === 0 ? [] : [`- **${tier ? names[tier] : 'Not judged'}**: ${own.map(named).join(', ')}.`];
  });
  const intro = 'By server CPU per message at saturation; what is told from the open door, by its estimate:';
  return [picks(judged), '', intro, '', ...lines].join('\n');
}

/** Who gives way nowhere, with what the run can claim of the cost: never more than the upper bound. */
function picks(judged: readonly Judged[]): string {
  const safe = judged.filter((one) => one.safe && one.tier !== undefined);
  if (safe.length === 0) return 'No strategy gives way nowhere that this run looks and has its cost measured.';
  const [near, untold] = (['near', 'untold'] as const).map((tier) => safe.filter((one) => one.tier === tier));
  const told = near!.length + untold!.length === 0 ? safe : [];
  const claims = [
    claim(near!, ['costs', 'cost'], () => 'a message at most 10% more than the open door'),
    claim(untold!, ['cannot', 'cannot'], (most) => `be told from the open door here, at most x${most}`),
    claim(told, ['is', 'are'], (most) => `dearer than the open door, at most x${most}`),
  ].filter((text) => text !== '');
  const choice = near!.length + untold!.length > 1;
  return `Of what gives way nowhere that this run looks, ${claims.join('; ')}${choice ? ': between them, what the client has to do and what a connection costs decide' : ''}.`;
}

function claim(rows: readonly Judged[], [one, many]: [string, string], rest: (most: string) => string): string {
  const most = Math.max(...rows.map(({ cell }) => cell!.ratio!.ciHigh!));
  return rows.length === 0
    ? ''
    : `${rows.map(named).join(', ')} ${rows.length === 1 ? one : many} ${rest(figure(most))}`;
}

const named = ({ row: { label, variant } }: Judged): string => `${label} (${variant})`;
