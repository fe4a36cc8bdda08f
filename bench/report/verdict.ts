import type { Run } from '../run-file.ts';
import { amount, table } from './format.ts';
import { givesWay } from './gives-way.ts';
import { addedOf, ratioOf } from './ratio-of.ts';
import { judge, rankOf } from './tiers.ts';

/** What each strategy costs and where it gives way, one line each: what holds first, then the cheapest tier. */
export function verdictTable(run: Run): string {
  const head = ['Strategy', 'Variant', 'Gives way', 'CPU per message', 'added', 'CPU per connection'];
  const judged = judge(run).toSorted((a, b) => Number(b.safe) - Number(a.safe) || rankOf(a) - rankOf(b));
  const rows = judged.map(({ row, cell }) => [
    row.label,
    row.variant ?? '',
    givesWay(row),
    cell?.void === undefined ? ratioOf(run, cell) : amount(cell),
    addedOf(run, cell),
    ratioOf(run, row.cell('server-cpu-per-connection')),
  ]);
  return table(head, rows, 3);
}
