import { noiseOf, tooFewBlocks, verdictOf } from '../model/noise.ts';
import { profiles } from '../model/profiles.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { changeText } from '../report/format.ts';
import { isSafe, leaksOf } from '../report/leaks.ts';
import { entryName } from '../report/legend.ts';
import { strategyRowsOf, type Row, SATURATED } from '../report/rows.ts';

/** What is within this of the no-auth baseline, all of its interval, counts as near it. */
const NEAR = 1.1;

/** The nearest to the no-auth baseline first; those that differ from it are parted by the estimate. */
const tiers = ['near', 'unresolved', 'half', 'thrice', 'more'] as const;
type Tier = (typeof tiers)[number];

interface Judged {
  readonly row: Row;
  readonly cell: Cell | undefined;
  /** By CPU per message at saturation; undefined where that was not measured, or has no interval. */
  readonly tier: Tier | undefined;
  readonly safe: boolean;
}

/** Each strategy with its tier. */
export function judge(run: Run): Judged[] {
  return strategyRowsOf(run).map((row) => {
    const cell = row.cell('server-cpu-per-message', SATURATED);
    return { row, cell, tier: cell && tierOf(run, cell), safe: isSafe(leaksOf(row)) };
  });
}

function tierOf(run: Run, cell: Cell): Tier | undefined {
  const { ratio } = cell;
  if (cell.void !== undefined || ratio === null || ratio.ciHigh === null) return undefined;
  if (ratio.ciHigh <= NEAR) return 'near';
  if (verdictOf(run, cell) !== 'significant') return 'unresolved';
  return ratio.estimate < 1.5 ? 'half' : ratio.estimate < 3 ? 'thrice' : 'more';
}

/** Why a run gives no tiers; undefined where it does. */
function whyNone(run: Run, judged: readonly Judged[]): string | undefined {
  const cells = judged.flatMap(({ cell }) => cell ?? []);
  if (profiles.find(({ id }) => id === run.profile)?.claims === false)
    return `the profile ${run.profile} proves that everything runs, and claims nothing.`;
  if (cells.length === 0) return 'this run did not measure what a message costs at full load.';
  if (cells.every(({ ratio }) => (ratio?.ciLow ?? null) === null))
    return 'no strategy has the six blocks that an interval takes.';
  const short = tooFewBlocks(run, cells[0]!);
  if (short !== undefined)
    return `to find a difference among ${short.comparisons} strategies takes ${short.needed} blocks, and this run has ${short.blocks}.`;
  const noise = noiseOf(run, cells[0]!);
  if (noise === undefined)
    return 'no twin of the no-auth baseline gave an interval, so the noise of this run is not known.';
  return noise.separated
    ? 'the A/A twins differ significantly in this run, so its other differences mean nothing.'
    : undefined;
}

/** Strategies in groups by the CPU of a message. Every word follows from the cells of the run. */
export function costGroups(run: Run): string {
  const judged = judge(run);
  const why = whyNone(run, judged);
  if (why !== undefined) return `**Costs are not compared:** ${why}`;
  const atMost = Math.max(
    ...judged.filter(({ tier }) => tier === 'unresolved').map(({ cell }) => cell!.ratio!.ciHigh!),
  );
  const names: Record<Tier, string> = {
    near: 'At most 10% more',
    unresolved: `No difference found, at most ${changeText(atMost)}`,
    half: 'Up to 1.5 times as much',
    thrice: 'Up to three times as much',
    more: 'More than three times as much',
  };
  const lines = [...tiers, undefined].flatMap((tier) => {
    const own = judged.filter((one) => one.tier === tier);
    const entries = own.map(({ row }) => entryName(row)).join(', ');
    return own.length === 0 ? [] : [`- **${tier ? names[tier] : 'Not judged'}**: ${entries}.`];
  });
  return `CPU per message at full load, compared with \`_no-auth\`, the same gateways without authentication:\n\n${lines.join('\n')}`;
}
