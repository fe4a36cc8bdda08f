import type { Run } from '../model/run-file.ts';
import { amount, table } from '../report/format.ts';
import { leakText } from '../report/leaks.ts';
import { addedOf, ratioOf } from '../report/ratio-of.ts';
import { judge, rankOf } from './tiers.ts';

/** What each strategy costs and what stays usable after its end: safe strategies first, then the cheapest. */
export function verdictTable(run: Run): string {
  const head = ['Strategy', 'Variant', 'Stays usable after its end', 'CPU per message', 'added', 'CPU per connection'];
  const judged = judge(run).toSorted((a, b) => Number(b.safe) - Number(a.safe) || rankOf(a) - rankOf(b));
  const rows = judged.map(({ row, cell }) => [
    row.label,
    row.variant ?? '',
    leakText(row),
    cell?.void === undefined ? ratioOf(run, cell) : amount(cell),
    addedOf(run, cell),
    ratioOf(run, row.cell('server-cpu-per-connection')),
  ]);
  return table(head, rows, 3);
}
