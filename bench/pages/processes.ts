import type { MetricName } from '../model/metrics.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { median } from '../stats/statistics.ts';
import { amount, figure } from '../report/format.ts';
import { explainedTable } from '../report/legend.ts';
import { type Row, rowsOf, SATURATED } from '../report/rows.ts';

const figures: readonly (readonly [name: string, MetricName])[] = [
  ['young generation', 'young-generation'],
  ['scavenges per MB allocated', 'scavenges-per-megabyte'],
  ['messages per read of a socket', 'messages-per-event'],
  ['messages per iteration of the event loop', 'messages-per-loop'],
  ["a server's share of its core while it had work", 'server-core-share'],
  ["the generator's share of its core", 'generator-core-share'],
];

const columns = [
  ['Figure', 'what was counted in each server process, the median of its repetitions.'],
  ['No-auth baseline', 'the figure of `_no-auth`.'],
  ['Worst', 'the figure of the entry that did worst.'],
  ['Of', 'the id of that entry.'],
] as const;

/** Less of a core than this, in per cent, and other processes had the rest. */
const ENOUGH = 90;

/** How the processes of the saturated load did: the no-auth baseline's, and the one that did worst; empty where none was watched. */
export function processTable(run: Run): string {
  const rows = rowsOf(run, 'parse-cost');
  const lines = figures.flatMap(([name, metric]) => {
    const seen = measured(rows, metric);
    if (seen.length === 0) return [];
    const [worst] = seen.toSorted((a, b) => worse(a.cell, b.cell));
    const door = rows.find(({ role }) => role === 'baseline')?.cell(metric, SATURATED);
    return [[name, amount(door), amount(worst?.cell), `${worst?.row.strategy} (${worst?.row.kind})`]];
  });
  if (lines.length === 0) return '';
  return `The processes, at saturation:\n\n${explainedTable(columns, lines, 1)}`;
}

const sides: readonly (readonly [name: string, MetricName])[] = [
  ['servers with work to do', 'server-core-share'],
  ['the generator', 'generator-core-share'],
];

/** That other processes had a part of the cores, by the medians over all rows; undefined where they had not, or nobody looked. */
export function busyStamp(run: Run): string | undefined {
  const rows = rowsOf(run, 'parse-cost');
  const got = sides.flatMap(([name, metric]) => {
    const shares = measured(rows, metric).map(({ cell }) => cell.median);
    return shares.length === 0 ? [] : [{ name, share: median(shares) }];
  });
  if (got.every(({ share }) => share >= ENOUGH)) return undefined;
  const texts = got.map(({ name, share }) => `${name} got ${figure(share)}%`);
  return `The machine was busy: of a core, ${texts.join(' and ')}, where ${ENOUGH}% is enough. Other processes had the rest: measure again when the machine is idle.`;
}

const measured = (rows: readonly Row[], metric: MetricName): { row: Row; cell: Cell }[] =>
  rows.flatMap((row) => {
    const cell = row.cell(metric, SATURATED);
    return cell === undefined || cell.void !== undefined ? [] : [{ row, cell }];
  });

const worse = (a: Cell, b: Cell): number => (a.better === 'higher' ? a.median - b.median : b.median - a.median);
