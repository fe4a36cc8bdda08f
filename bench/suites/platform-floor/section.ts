import { ratioChart } from '../../report/charts/ratio-chart.ts';
import type { Chart } from '../suite.ts';
import type { Cell, Interval, Run } from '../../model/run-file.ts';
import { pairedDifference } from '../../stats/statistics.ts';
import { amount, difference, figure } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { addedOf } from '../../report/ratio-of.ts';
import { type Row, rowsOf, SATURATED } from '../../report/rows.ts';
import { verifyTimeOf } from '../../report/verify-time.ts';

const layerColumns = [
  ['Platform layer', 'the id of a server without authentication; each has all that the one above it has, and more.'],
  ['CPU per message', 'the CPU time that the server spends on one.'],
  ['Step per message', 'what the layer adds to the one above it. No difference was found where its interval holds 0.'],
  ['CPU per connection', 'the CPU time for one client that comes, sends one message and leaves.'],
  ['Step per connection', 'what the layer adds to that of the one above it.'],
] as const;

const verifyingColumns = [
  ...entryColumns,
  ['Verifies with', 'the library that verifies a token on each message.'],
  ['Step', 'what the entry adds to a message of `_no-auth`.'],
  ['Predicted', 'what one verification takes in that library by itself.'],
  ['Residual', 'the step without the prediction: what is not explained by verification.'],
] as const;

/** The platform layers up to the no-auth baseline, and from there the steps that one verification should explain. */
export function platformSection(run: Run): string {
  const rows = rowsOf(run, 'platform-floor');
  const layerOrder = rows.map((row, index) => [
    row.strategy,
    amount(row.cell('server-cpu-per-message', SATURATED)),
    stepText(rows, index, 'server-cpu-per-message', SATURATED),
    amount(row.cell('server-cpu-per-connection')),
    stepText(rows, index, 'server-cpu-per-connection'),
  ]);
  const residuals = verifying(run).map(({ row, cell, library, micro }) => [
    row.strategy,
    row.kind,
    library,
    addedOf(run, cell),
    `${figure(micro.median)} us`,
    difference(residual(cell.added!, micro), 'us'),
  ]);
  const steps = explainedTable(verifyingColumns, residuals, 3);
  const layerTables = explainedTable(layerColumns, layerOrder, 1);
  return residuals.length === 0 ? layerTables : `${layerTables}\n\nFrom the no-auth baseline up:\n\n${steps}`;
}

function stepText(rows: readonly Row[], index: number, ...metric: Parameters<Row['cell']>): string {
  const [cell, below] = [rows[index]?.cell(...metric), rows[index - 1]?.cell(...metric)];
  const found = cell && below && stepOf(cell, below);
  return found ? difference(found, cell.unit) : '';
}

/** What a layer adds to the one below, from what each adds to the no-auth baseline of its own blocks. */
export function stepOf(cell: Cell, below: Cell): Interval | undefined {
  const found = pairedDifference(overBaseline(cell), overBaseline(below));
  if (found === undefined) return undefined;
  const bound = (value: number) => (Number.isFinite(value) ? value : null);
  return { estimate: found.estimate, ciLow: bound(found.low), ciHigh: bound(found.high) };
}

/** Block by block; 0 for the no-auth baseline itself, and NaN where a block is missing. */
function overBaseline({ role, blocks, addeds, void: reason }: Cell): number[] {
  return blocks.map((value, index) => {
    if (reason !== undefined || value === null) return NaN;
    return role === 'baseline' ? 0 : (addeds?.[index] ?? NaN);
  });
}

/** What the micro figure leaves of a step; the two were measured apart, so that their half-widths add up in quadrature. */
export function residual(
  step: Interval,
  { median, ciLow, ciHigh }: Pick<Cell, 'median' | 'ciLow' | 'ciHigh'>,
): Interval {
  const estimate = step.estimate - median;
  if (step.ciLow === null || step.ciHigh === null || ciLow === null || ciHigh === null)
    return { estimate, ciLow: null, ciHigh: null };
  const half = Math.hypot((step.ciHigh - step.ciLow) / 2, (ciHigh - ciLow) / 2);
  return { estimate, ciLow: estimate - half, ciHigh: estimate + half };
}

interface Verifying {
  readonly row: Row;
  readonly cell: Cell;
  readonly library: string;
  readonly micro: Cell;
}

/** Rows that verify a token on each message, with the CPU time that their library takes for one. */
function verifying(run: Run): Verifying[] {
  return rowsOf(run, 'parse-cost').flatMap((row) => {
    const library = run.entries[row.strategy]?.verifies?.[row.kind];
    const cell = row.cell('server-cpu-per-message', SATURATED);
    const micro = library === undefined ? undefined : verifyTimeOf(run, library);
    if (library === undefined || micro === undefined || !cell?.added || cell.void !== undefined) return [];
    return [{ row, cell, library, micro }];
  });
}

export const platformCharts = (run: Run): Chart[] => [
  {
    file: 'platform-layers.svg',
    alt: 'CPU per message of each layer against the no-auth baseline',
    svg: ratioChart(run, { suite: 'platform-floor', params: SATURATED }),
  },
];
