import { addedOf, ratioOf } from '../report/ratio-of.ts';
import { amount } from '../report/format.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { type Column, entryName, explainedTable } from '../report/legend.ts';
import { type Row, rowsOf, SATURATED } from '../report/rows.ts';
import { verdictOf } from '../model/noise.ts';

type Costed = readonly [...Column, (row: Row) => string];

/** The costs of authentication: a row for each strategy and peer, without columns that the run did not measure. */
export function costTable(run: Run): string {
  const rows = rowsOf(run).filter(({ role }) => role === 'strategy' || role === 'peer');
  const columns: readonly Costed[] = [
    ['Entry', 'the id and the variant.', entryName],
    [
      'CPU per message',
      'the ratio to `_no-auth` at full load, and what that adds. In brackets is the 95% interval.',
      (row) => costOf(run, row.cell('server-cpu-per-message', SATURATED)),
    ],
    [
      'One decision of the guard',
      'the CPU time of the check alone, without a socket.',
      (row) => amount(row.cell('guard-time')),
    ],
    [
      'CPU per connection',
      'the ratio to `_no-auth` for one connection that comes, sends one message and leaves.',
      (row) => costOf(run, row.cell('server-cpu-per-connection')),
    ],
    ['Memory', 'the resident memory of one idle connection.', (row) => amount(row.cell('rss-per-connection'))],
  ];
  const shown = columns.filter(([name, , text]) => name === 'Entry' || rows.some((row) => text(row) !== ''));
  return explainedTable(
    shown.map(([name, meaning]) => [name, meaning]),
    rows.map((row) => shown.map(([, , text]) => text(row))),
    1,
  );
}

/** The ratio, and what is added where the run found a difference. */
function costOf(run: Run, cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.void !== undefined) return amount(cell);
  const [compared, added] = [ratioOf(run, cell), addedOf(run, cell)];
  return verdictOf(run, cell) === 'significant' && added !== '' ? `${compared}, adds ${added}` : compared;
}
