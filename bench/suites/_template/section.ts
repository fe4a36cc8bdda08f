import type { Run } from '../../model/run-file.ts';
import { ratioChart } from '../../report/charts/ratio-chart.ts';
import { amount, spread, table } from '../../report/format.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

/** A line for each entry, for RESULTS.md. */
export function templateSection(run: Run): string {
  const head = ['Strategy', 'Variant', 'Time', 'spread', 'against the no-auth baseline'];
  const lines = rowsOf(run, '_template').map((row) => {
    const cell = row.cell('_template-time');
    return [row.label, row.kind, amount(cell), cell ? spread(cell) : '', ratioOf(run, cell)];
  });
  return table(head, lines);
}

/** Drawn in RESULTS.md and in report.html. */
export const templateCharts = (run: Run): Chart[] => [
  {
    file: '_template.svg',
    alt: 'Template: time against the no-auth baseline',
    svg: ratioChart(run, { suite: '_template', metric: '_template-time' }),
  },
];
