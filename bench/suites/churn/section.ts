import type { MetricName } from '../../model/metrics.ts';
import type { Run } from '../../model/run-file.ts';
import { latencyChart } from '../../report/charts/latency-chart.ts';
import { ratioChart } from '../../report/charts/ratio-chart.ts';
import { amount, table } from '../../report/format.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf, valuesOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

/** What a connection and an idle one cost, and how fast the HTTP endpoints are, a line for each entry. */
export function churnSection(run: Run): string {
  const all: [string, MetricName][] = [
    ['connects/s', 'connects-per-second'],
    ['handshake p50', 'handshake-p50'],
    ['handshake p99', 'handshake-p99'],
    ['server busy', 'server-busy'],
    ['CPU per connection', 'server-cpu-per-connection'],
    ['resident memory per idle connection', 'rss-per-connection'],
    ['heap per idle connection', 'heap-per-connection'],
  ];
  const rows = rowsOf(run, 'churn');
  const columns = all.filter(([, metric]) => rows.some((row) => row.cell(metric) !== undefined));
  const endpoints = valuesOf(run, 'http-requests-per-second', 'endpoint');
  const head = ['Strategy', 'Variant', ...columns.map(([name]) => name), 'CPU against the no-auth baseline'];
  return table(
    [...head, ...endpoints.map((endpoint) => `${endpoint}/s`)],
    rows.map((row) => [
      row.label,
      row.kind,
      ...columns.map(([, metric]) => amount(row.cell(metric))),
      ratioOf(run, row.cell('server-cpu-per-connection')),
      ...endpoints.map((endpoint) => amount(row.cell('http-requests-per-second', { endpoint }))),
    ]),
  );
}

export const churnCharts = (run: Run): Chart[] => [
  {
    file: 'cost-connection.svg',
    alt: 'CPU per connection against the no-auth baseline',
    svg: ratioChart(run, { suite: 'churn', metric: 'server-cpu-per-connection' }),
  },
  { file: 'handshake.svg', alt: 'Handshakes by percentile', svg: latencyChart(run, { metric: 'handshake' }) },
];
