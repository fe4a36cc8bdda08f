import type { Cell, Run } from '../run-file.ts';
import { amount, figure, table } from './format.ts';
import { addedOf } from './ratio-of.ts';
import { type Row, rowsOf, SATURATED } from './rows.ts';

/** The ladder up to the open door, and from there the steps that one verification should explain. */
export function platformSection(run: Run): string {
  const rows = rowsOf(run, 'platform-floor');
  const ladder = rows.map((row, index) => [
    row.label,
    amount(row.cell('server-cpu-per-message', SATURATED)),
    step(rows, index, 'server-cpu-per-message', SATURATED),
    amount(row.cell('server-cpu-per-connection')),
    step(rows, index, 'server-cpu-per-connection'),
  ]);
  const head = ['Rung', 'CPU per message', 'step', 'CPU per connection', 'step'];
  const residuals = verifying(run).map(({ row, cell, library, predicted }) => [
    row.label,
    row.kind,
    library,
    addedOf(run, cell),
    `${figure(predicted)} us`,
    `${figure(cell.added!.estimate - predicted)} us`,
  ]);
  const steps = table(['Strategy', 'Variant', 'verifies with', 'step', 'predicted', 'residual'], residuals, 3);
  const ladders = table(head, ladder, 1);
  return residuals.length === 0 ? ladders : `${ladders}\n\nFrom the open door up:\n\n${steps}`;
}

/** What a rung adds to the one below. */
function step(rows: readonly Row[], index: number, ...metric: Parameters<Row['cell']>): string {
  const [cell, below] = [rows[index]?.cell(...metric), rows[index - 1]?.cell(...metric)];
  return cell === undefined || below === undefined ? '' : `${figure(cell.median - below.median)} ${cell.unit}`;
}

interface Verifying {
  readonly row: Row;
  readonly cell: Cell;
  readonly library: string;
  readonly predicted: number;
}

/** Rows that verify a token on each message, with what their library takes for one. */
function verifying(run: Run): Verifying[] {
  return rowsOf(run, 'parse-cost').flatMap((row) => {
    const library = run.entrants[row.strategy]?.verifies?.[row.kind];
    const cell = row.cell('server-cpu-per-message', SATURATED);
    const micro = run.cells.find(
      ({ metric, strategy, params }) =>
        metric === 'verify-time' &&
        strategy === library &&
        params['algorithm'] === 'HS256' &&
        params['cached'] === false,
    );
    if (library === undefined || micro === undefined || !cell?.added) return [];
    return [{ row, cell, library, predicted: micro.median }];
  });
}
