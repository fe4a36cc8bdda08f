import type { Run } from '../../model/run-file.ts';
import { amount, spread } from '../../report/format.ts';
import { explainedTable } from '../../report/legend.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf } from '../../report/rows.ts';

/** What the generator spends on a message, beside a bare client. */
export function generatorSection(run: Run): string {
  const columns = [
    ['Client', 'who sends the messages.'],
    ['CPU per message', 'the CPU time that the client spends on one.'],
    ['Spread', 'half the width of the 95% interval of that time.'],
    ['Against the bare client', 'the ratio to `socket.io-client` alone.'],
  ] as const;
  const rows = rowsOf(run, 'generator').map((row) => {
    const cell = row.cell('generator-cpu-per-message');
    return [row.strategy, amount(cell), cell ? spread(cell) : '', ratioOf(run, cell)];
  });
  return explainedTable(columns, rows, 1);
}
