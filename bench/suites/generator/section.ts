import type { Run } from '../../model/run-file.ts';
import { amount, spread, table } from '../../report/format.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf } from '../../report/rows.ts';

/** What the generator spends on a message, beside a bare client. */
export function generatorSection(run: Run): string {
  const head = ['Client', 'CPU per message', 'spread', 'against the bare client'];
  const rows = rowsOf(run, 'generator').map((row) => {
    const cell = row.cell('generator-cpu-per-message');
    return [row.label, amount(cell), cell ? spread(cell) : '', ratioOf(run, cell)];
  });
  return table(head, rows, 1);
}
