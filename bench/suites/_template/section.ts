import type { Run } from '../../model/run-file.ts';
import { ratioChart } from '../../report/charts/ratio-chart.ts';
import { amount, spread } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

/** A line for each entry, for RESULTS.md. */
export function templateSection(run: Run): string {
  const columns = [
    ...entryColumns,
    ['Time', 'what was measured, the median of all repetitions.'],
    ['Spread', 'half the width of its 95% interval.'],
    ['Against the no-auth baseline', 'the ratio to `_no-auth`.'],
  ] as const;
  const lines = rowsOf(run, '_template').map((row) => {
    const cell = row.cell('_template-time');
    return [row.strategy, row.kind, amount(cell), cell ? spread(cell) : '', ratioOf(run, cell)];
  });
  return explainedTable(columns, lines);
}

/** Drawn in RESULTS.md and in report.html. */
export const templateCharts = (run: Run): Chart[] => [
  {
    file: '_template.svg',
    alt: 'Template: time against the no-auth baseline',
    svg: ratioChart(run, { suite: '_template', metric: '_template-time' }),
  },
];
