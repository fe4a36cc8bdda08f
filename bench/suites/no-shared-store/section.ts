import type { Run } from '../../model/run-file.ts';
import { amount } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { rowsOf } from '../../report/rows.ts';

/** A line for each variant of each strategy. */
export const noSharedStoreSection = (run: Run): string =>
  explainedTable(
    [...entryColumns, ['Accepted elsewhere', 'the share of the clients that the other node accepted.']],
    rowsOf(run, 'no-shared-store').map((row) => [row.strategy, row.kind, amount(row.cell('admitted-elsewhere'))]),
  );
