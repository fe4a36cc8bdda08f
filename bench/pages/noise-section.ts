import {
  type Control,
  controlsOf,
  familyOf,
  noiseOf,
  separatedTwins,
  smallestSignificant,
  tooFewBlocks,
} from '../model/noise.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { fewestPairs } from '../stats/statistics.ts';
import { changeText, figure, paramsOf } from '../report/format.ts';
import { entryColumns, explainedTable } from '../report/legend.ts';
import { busyStamp, processTable } from './processes.ts';
import { addedOf, ratioOf } from '../report/ratio-of.ts';
import { strategyRowsOf, type Row, SATURATED } from '../report/rows.ts';

const costs: readonly { name: string; meaning: string; of: (row: Row) => Cell | undefined }[] = [
  {
    name: 'CPU per message, saturated',
    meaning: 'that ratio for the CPU of a message at full load.',
    of: (row) => row.cell('server-cpu-per-message', SATURATED),
  },
  {
    name: 'CPU per connection',
    meaning: 'that ratio for the CPU of a connection.',
    of: (row) => row.cell('server-cpu-per-connection'),
  },
];

/** How loud the run was: its twins, its controls, the smallest effect that it could have told, and its processes. */
export function noiseSection(run: Run): string {
  const floors = floorsOf(run);
  const stamps = stampsOf(run).map((stamp) => `**${stamp}**`);
  const twins = `The no-auth baseline ran twice, under two names. The noise floor is the larger distance between 1 and either end of this A/A twin's interval. Smaller differences are not reported: ${floors}.`;
  const parts =
    floors === ''
      ? ['No twin of the no-auth baseline gave an interval: the noise of this run is not known.', ...stamps]
      : [twins, ...stamps, ...controlsOf(run).map(controlText(run)), intervals(run), ...smallest(run)];
  return [...parts, processTable(run)].filter((part) => part !== '').join('\n\n');
}

/** The noise in a few sentences: how small a difference the run could have told, and what a reader must know first. */
export function noiseSummary(run: Run): string {
  const [row] = strategyRowsOf(run);
  const cell = row && costs[0]!.of(row);
  const noise = cell && noiseOf(run, cell);
  const floor =
    noise === undefined
      ? 'No A/A twin gave an interval, so the noise of this run is not known.'
      : `The no-auth baseline ran twice, under two names. They differed by at most ${changeText(noise.floor)} of CPU per message, so smaller differences are not reported.`;
  return [...stampsOf(run).map((stamp) => `**${stamp}**\n\n`), floor].join('');
}

/** Names the interval that is used, and how many blocks it needs. */
function intervals(run: Run): string {
  const [row] = strategyRowsOf(run);
  const cell = row && costs[0]!.of(row);
  const comparisons = cell === undefined ? 0 : familyOf(run, cell).length;
  return [
    'Each ratio has one value a block. With 9 to 11 blocks, its estimate is the median of these, and its interval is that of the test of signs.',
    "With any other number, its estimate is the median of the averages of every two of them (Hodges and Lehmann), and its interval is that of Wilcoxon's signed ranks.",
    'A 95% interval takes 6 blocks. With 9 or more, one block that is off, however far, cannot move it beyond the others.',
    `p is corrected for all that stand beside it in their role (Holm): ${comparisons} comparisons of what a message costs the strategies, for which it takes ${fewestPairs(Math.max(1, comparisons))} blocks to find any difference.`,
  ].join(' ');
}

/** The floor of each cost that has one, with what its twin read. */
function floorsOf(run: Run): string {
  const twins = run.cells.filter(
    ({ role, suite, metric }) =>
      role === 'twin' &&
      ((suite === 'parse-cost' && metric === 'server-cpu-per-message') ||
        metric === 'guard-time' ||
        (suite === 'churn' && metric === 'server-cpu-per-connection')),
  );
  const texts = twins.flatMap((twin) => {
    const noise = noiseOf(run, twin);
    return noise
      ? [
          `${twin.metric}${paramsOf(twin)} x${figure(noise.floor)} (its twin read ${figure(noise.twin.ciLow!)} to ${figure(noise.twin.ciHigh!)})`,
        ]
      : [];
  });
  return texts.join('; ');
}

/** What a reader must know before any figure. */
export const stampsOf = (run: Run): string[] =>
  [
    separatedStamp(run),
    busyStamp(run),
    shortStamp(run),
    ...controlsOf(run).map((control) => (control.isTrue ? undefined : falseReading(control))),
  ].filter((stamp) => stamp !== undefined);

function separatedStamp(run: Run): string | undefined {
  const separated = separatedTwins(run).map((cell) => `${cell.suite} ${cell.metric}${paramsOf(cell)}`);
  return separated.length === 0
    ? undefined
    : `The no-auth baseline and its twin differ: verdicts are withheld on ${separated.join(', ')}.`;
}

function shortStamp(run: Run): string | undefined {
  const [cell] = strategyRowsOf(run).flatMap((row) => costs[0]!.of(row) ?? []);
  const short = cell && tooFewBlocks(run, cell);
  return (
    short &&
    `Too few blocks: to find a difference among ${short.comparisons} takes ${short.needed}, and this run has ${short.blocks}.`
  );
}

/** How a control that was read wrong bends every other cost. */
function falseReading({ name, cell: { added }, known }: Control): string {
  if (added === null || added.ciLow === null || added.ciHigh === null) return `${name}: not read with an interval.`;
  const times = added.estimate / known;
  const bent =
    times > 1
      ? `costs may read about ${figure(times)} times too large`
      : times > 0
        ? `costs may read about ${figure(1 / times)} times too small`
        : 'costs may not be read at all';
  return `\`${name}\` reads ${figure(added.estimate)} us (${figure(added.ciLow)} to ${figure(added.ciHigh)} us) for a known cost of ${known} us: ${bent}.`;
}

const controlText =
  (run: Run) =>
  ({ name, cell, known, found, isTrue }: Control): string =>
    `A known cost, \`${name}\`, came out as ${addedOf(run, cell)}, ${ratioOf(run, cell)}: this run ${found ? 'sees' : '**does not see**'} it, and the ${known} us ${isTrue ? 'lie' : '**do not lie**'} within the interval of what it adds.`;

/** A line for each row: the smallest ratio that was sure to be significant. */
function smallest(run: Run): string[] {
  const lines = strategyRowsOf(run).map((row) => [
    row.strategy,
    row.kind,
    ...costs.map(({ of }) => effect(run, of(row))),
  ]);
  if (lines.length === 0) return [];
  return [
    "The smallest ratio that was sure to be significant in each row: the larger of the noise floor and its interval's half-width (in brackets), that widened for Holm's strictest step:",
    explainedTable([...entryColumns, ...costs.map(({ name, meaning }) => [name, meaning] as const)], lines),
  ];
}

function effect(run: Run, cell: Cell | undefined): string {
  const least = cell && smallestSignificant(run, cell);
  if (least === undefined || !cell?.ratio?.ciLow || !cell.ratio.ciHigh) return '';
  return `x${figure(least)} (x${figure(Math.sqrt(cell.ratio.ciHigh / cell.ratio.ciLow))})`;
}
