import type { Run } from '../../model/run-file.ts';
import { cellsOf, keyOf } from '../../report/entry-labels.ts';
import { amount, spread } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { addedOf, ratioOf } from '../../report/ratio-of.ts';
import { rowsOf, SATURATED } from '../../report/rows.ts';

/** A table of the CPU of one decision of each guard, and of the difference to the baseline's. */
export function guardSection(run: Run): string {
  const columns = [
    ...entryColumns,
    ['CPU of one decision', 'the CPU time of the guard for one message, without a socket.'],
    ['Spread', 'half the width of the 95% interval of that time.'],
    ['Against the baseline', 'the ratio to the guard of `_no-auth`, which lets everyone in.'],
  ] as const;
  const rows = rowsOf(run, 'guard-cost').map((row) => {
    const cell = row.cell('guard-time');
    const rest = cell?.void === undefined && cell ? [spread(cell), ratioOf(run, cell)] : [];
    return [row.strategy, row.kind, amount(cell), ...rest];
  });
  return explainedTable(columns, rows);
}

/** A table of both added costs: the guard's alone, and a whole message's at saturation. Empty if the run lacks either. */
export function guardBesideMessage(run: Run): string {
  const messages = cellsOf(run, 'server-cpu-per-message', SATURATED, 'parse-cost');
  const rows = rowsOf(run, 'guard-cost').filter(({ role }) => role !== 'baseline');
  if (messages.size === 0 || rows.length === 0) return '';
  const lines = rows.map((row) => [
    row.strategy,
    row.kind,
    addedOf(run, row.cell('guard-time')),
    addedOf(run, messages.get(keyOf(row))),
  ]);
  return `The guard alone, and the whole message:

${explainedTable(
  [
    ...entryColumns,
    ['Added by the guard', 'what one decision of the guard adds to that of `_no-auth`, measured without a socket.'],
    [
      'Added to a message',
      'what a whole message adds at full load. It bounds what authentication costs outside the guard.',
    ],
  ],
  lines,
)}`;
}
