import type { Run } from '../../model/run-file.ts';
import { amount, sizeText } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { rowsOf, valuesOf } from '../../report/rows.ts';

const suite = 'no-shared-store';

/** A line for each variant of each strategy. */
export function noSharedStoreSection(run: Run): string {
  const [clients] = valuesOf(run, 'admitted-elsewhere', 'clients', suite);
  const size = sizeText(run, suite, clients === undefined ? undefined : `${String(clients)} clients`);
  const rows = rowsOf(run, suite).map((row) => [row.strategy, row.kind, amount(row.cell('admitted-elsewhere'))]);
  const columns = [...entryColumns, ['Accepted', 'the share of these clients that the other node accepted.'] as const];
  return `Clients that signed in on one node and connected to the other${size}:\n\n${explainedTable(columns, rows)}`;
}
