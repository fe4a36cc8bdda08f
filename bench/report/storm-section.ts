import type { Run } from '../run-file.ts';
import { amount, table } from './format.ts';
import { rowsOf } from './rows.ts';

/** One row for each strategy, and one for what it is without its jitter. */
export function stormSection(run: Run): string {
  const rows = rowsOf(run, 'storm').flatMap((row) => [
    { row, label: row.label, params: {} },
    ...(row.cell('peak-over-mean', { jitter: 'no' })
      ? [{ row, label: `${row.label}, no jitter`, params: { jitter: 'no' } }]
      : []),
  ]);
  const columns = [
    ['peak / mean', 'peak-over-mean'],
    ['renewals/s at the peak', 'peak-renewals'],
    ['first to last renewal', 'renewal-span'],
    ['signed out falsely', 'false-logouts'],
    ['reconnects, each', 'reconnects'],
    ['event loop p99', 'event-loop-delay-p99'],
  ] as const;
  return table(
    ['Strategy', ...columns.map(([name]) => name)],
    rows.map(({ row, label, params }) => [label, ...columns.map(([, metric]) => amount(row.cell(metric, params)))]),
    1,
  );
}
