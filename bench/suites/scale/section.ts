import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { amount, sizeText, table } from '../../report/format.ts';
import { nodeCounts, type Row, rowsOf, valuesOf } from '../../report/rows.ts';

interface Column {
  readonly name: string;
  readonly metric: MetricName;
  readonly params: Cell['params'];
}

/** What the nodes share, what that costs the store, and how fast an end is heard of on all of them. */
export function scaleSection(run: Run): string {
  const counts = nodeCounts(run);
  const rows = rowsOf(run, 'scale');
  const most = counts.at(-1);
  const [clients] = valuesOf(run, 'revocation-p99', 'probes', 'scale');
  const of = sizeText(
    run,
    'scale',
    clients === undefined ? undefined : `${Number(clients).toLocaleString('en')} clients`,
  );
  return [
    `From a sign-out on one node to the end of the connection on another, by the number of nodes${of}:`,
    tableOf(rows, counts.flatMap(endsOn)),
    `Who signed in on one node, and was let in by another, by what the two share beside their secret${of}:`,
    tableOf(rows, admitted(run)),
    `What it takes, on ${most ?? 'several'} nodes${of}:`,
    tableOf(rows, most === undefined ? [] : spentOn(most)),
    `Under one load over all nodes, by their number${sizeText(run, 'scale')}:`,
    tableOf(rows, counts.flatMap(loadOn)),
  ].join('\n\n');
}

/** Without the columns that nobody has a figure for: older runs measured less. */
const tableOf = (rows: readonly Row[], columns: readonly Column[]): string => {
  const known = columns.filter(({ metric, params }) => rows.some((row) => row.cell(metric, params) !== undefined));
  return table(
    ['Strategy', ...known.map(({ name }) => name)],
    rows.map((row) => [row.label, ...known.map(({ metric, params }) => amount(row.cell(metric, params)))]),
    1,
  );
};

const endsOn = (nodes: number): Column[] => [
  { name: `${nodes}: p50`, metric: 'revocation-p50', params: { nodes } },
  { name: 'p99', metric: 'revocation-p99', params: { nodes } },
  { name: 'max', metric: 'revocation-max', params: { nodes } },
  { name: 'survived', metric: 'surviving-sockets', params: { nodes } },
];

/** With stores in memory it is measured on fewer nodes than with a shared one. */
const admitted = (run: Run): Column[] =>
  (['memory', 'redis'] as const).flatMap((store) =>
    run.cells
      .filter(({ metric, params }) => metric === 'admitted-elsewhere' && params['store'] === store)
      .map(({ params }) => Number(params['nodes']))
      .filter((nodes, index, all) => nodes > 1 && all.indexOf(nodes) === index)
      .toSorted((a, b) => a - b)
      .map((nodes) => ({
        name: `${store === 'memory' ? 'nothing' : 'a Redis'}, ${nodes} nodes`,
        metric: 'admitted-elsewhere',
        params: { nodes, store },
      })),
  );

const spentOn = (nodes: number): Column[] => [
  ...['rare message', 'connect', 'renewal', 'sign-out'].map((op): Column => ({
    name: `commands a ${op}`,
    metric: 'store-commands',
    params: { op, nodes },
  })),
  { name: 'CPU a renewal', metric: 'server-cpu-per-renewal', params: { nodes } },
  { name: 'CPU a sign-out', metric: 'server-cpu-per-sign-out', params: { nodes } },
];

const loadOn = (nodes: number): Column[] => [
  { name: `${nodes}: messages/s`, metric: 'messages-per-second', params: { nodes } },
  { name: 'CPU each', metric: 'server-cpu-per-message', params: { nodes } },
  { name: 'connects/s', metric: 'connects-per-second', params: { nodes } },
  { name: 'CPU each', metric: 'server-cpu-per-connection', params: { nodes } },
];
