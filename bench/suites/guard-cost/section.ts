import type { Run } from '../../model/run-file.ts';
import { cellsOf, keyOf } from '../../report/entry-labels.ts';
import { amount, spread, table } from '../../report/format.ts';
import { addedOf, ratioOf } from '../../report/ratio-of.ts';
import { rowsOf, SATURATED } from '../../report/rows.ts';

/** A table of the CPU of one decision of each guard, and of the difference to the baseline's. */
export function guardSection(run: Run): string {
  const head = ['Strategy', 'Variant', 'CPU of one decision', 'spread', 'against the baseline', 'added'];
  const rows = rowsOf(run, 'guard-cost').map((row) => {
    const cell = row.cell('guard-time');
    const rest = cell?.void === undefined && cell ? [spread(cell), ratioOf(run, cell), addedOf(run, cell)] : [];
    return [row.label, row.kind, amount(cell), ...rest];
  });
  return table(head, rows);
}

/** A table of both added costs: the guard's alone, and a whole message's at saturation. Empty if the run lacks either. */
export function guardBesideMessage(run: Run): string {
  const messages = cellsOf(run, 'server-cpu-per-message', SATURATED, 'parse-cost');
  const rows = rowsOf(run, 'guard-cost').filter(({ role }) => role !== 'baseline');
  if (messages.size === 0 || rows.length === 0) return '';
  const lines = rows.map((row) => [
    row.label,
    row.kind,
    addedOf(run, row.cell('guard-time')),
    addedOf(run, messages.get(keyOf(row))),
  ]);
  return `The guard alone, and the whole message:

${table(['Strategy', 'Variant', 'added by the guard', 'added to a message, saturated'], lines)}

Both columns compare with the no-auth baseline (\`_no-auth\`). The first is what one decision of the guard adds, measured
without a socket. The second is what a whole message adds: it bounds what authentication costs outside the guard.`;
}
