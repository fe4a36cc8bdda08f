import type { MetricName } from '../../model/metrics.ts';
import type { Run } from '../../model/run-file.ts';
import { latencyChart } from '../../report/charts/latency-chart.ts';
import { ratioChart } from '../../report/charts/ratio-chart.ts';
import { amount } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { rowsOf, valuesOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

/** What a connection and an idle one cost, and how fast the HTTP endpoints are, a line for each entry. */
export function churnSection(run: Run): string {
  const all: [string, MetricName, string][] = [
    ['Connects/s', 'connects-per-second', 'how many clients came and left in a second.'],
    ['Handshake p50', 'handshake-p50', 'half of the handshakes took at most this long.'],
    ['Handshake p99', 'handshake-p99', '99% of the handshakes took at most this long.'],
    ['Server busy', 'server-busy', 'the share of its core that the server used.'],
    [
      'CPU per connection',
      'server-cpu-per-connection',
      'the CPU time of the server for one client that comes, sends one message and leaves.',
    ],
    ['Resident memory per idle connection', 'rss-per-connection', 'what the process grows by for one.'],
    ['Heap per idle connection', 'heap-per-connection', 'what the JavaScript heap grows by for one.'],
  ];
  const rows = rowsOf(run, 'churn');
  const columns = all.filter(([, metric]) => rows.some((row) => row.cell(metric) !== undefined));
  const endpoints = valuesOf(run, 'http-requests-per-second', 'endpoint');
  return explainedTable(
    [
      ...entryColumns,
      ...columns.map(([name, , meaning]) => [name, meaning] as const),
      ['CPU against the no-auth baseline', 'the ratio of the CPU per connection to that of `_no-auth`.'],
      ...endpoints.map(
        (endpoint) => [`${endpoint}/s`, 'how many requests this endpoint answered in a second.'] as const,
      ),
    ],
    rows.map((row) => [
      row.strategy,
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
