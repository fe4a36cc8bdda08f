import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { amount, sizeText } from '../../report/format.ts';
import { explainedTable } from '../../report/legend.ts';
import { nodeCounts, type Row, rowsOf, valuesOf } from '../../report/rows.ts';

interface Column {
  readonly name: string;
  readonly meaning: string;
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
    `Clients that signed in on one node and were accepted by another, by the number of nodes${of}:`,
    tableOf(rows, admitted(counts)),
    `What it takes, on ${most ?? 'several'} nodes${of}:`,
    tableOf(rows, most === undefined ? [] : spentOn(most)),
    `Under one load over all nodes, by their number${sizeText(run, 'scale')}:`,
    tableOf(rows, counts.flatMap(loadOn)),
  ].join('\n\n');
}

/** Without the columns that nobody has a figure for: older runs measured less. */
const tableOf = (rows: readonly Row[], columns: readonly Column[]): string => {
  const known = columns.filter(({ metric, params }) => rows.some((row) => row.cell(metric, params) !== undefined));
  return explainedTable(
    [['Strategy', 'its id; all are `hardened`.'], ...known.map(({ name, meaning }) => [name, meaning] as const)],
    rows.map((row) => [row.strategy, ...known.map(({ metric, params }) => amount(row.cell(metric, params)))]),
    1,
  );
};

const endsOn = (nodes: number): Column[] => [
  {
    name: `${nodes}: p50`,
    meaning: `half of the connections ended within this time on ${nodes} ${nodes === 1 ? 'node' : 'nodes'}.`,
    metric: 'revocation-p50',
    params: { nodes },
  },
  { name: `${nodes}: p99`, meaning: 'the same for 99% of them.', metric: 'revocation-p99', params: { nodes } },
  { name: `${nodes}: max`, meaning: 'the same for all of them.', metric: 'revocation-max', params: { nodes } },
  {
    name: `${nodes}: survived`,
    meaning: 'how many connections did not end.',
    metric: 'surviving-sockets',
    params: { nodes },
  },
];

const admitted = (counts: readonly number[]): Column[] =>
  counts
    .filter((nodes) => nodes > 1)
    .map((nodes) => ({
      name: `${nodes} nodes`,
      meaning: `the share of the clients that another node accepted, with ${nodes} nodes.`,
      metric: 'admitted-elsewhere',
      params: { nodes, store: 'redis' },
    }));

const spentOn = (nodes: number): Column[] => [
  ...['rare message', 'connect', 'renewal', 'sign-out'].map((op): Column => ({
    name: `Commands per ${op}`,
    meaning: `how many commands Redis gets for one ${op}.`,
    metric: 'store-commands',
    params: { op, nodes },
  })),
  {
    name: 'CPU per renewal',
    meaning: 'the CPU time of all nodes for one.',
    metric: 'server-cpu-per-renewal',
    params: { nodes },
  },
  {
    name: 'CPU per sign-out',
    meaning: 'the CPU time of all nodes for one.',
    metric: 'server-cpu-per-sign-out',
    params: { nodes },
  },
];

const loadOn = (nodes: number): Column[] => [
  {
    name: `${nodes}: messages/s`,
    meaning: `messages that ${nodes} ${nodes === 1 ? 'node' : 'nodes'} answered in a second, all together.`,
    metric: 'messages-per-second',
    params: { nodes },
  },
  {
    name: `${nodes}: CPU per message`,
    meaning: 'the CPU time of the nodes for one.',
    metric: 'server-cpu-per-message',
    params: { nodes },
  },
  {
    name: `${nodes}: connects/s`,
    meaning: 'clients that came and left in a second, all together.',
    metric: 'connects-per-second',
    params: { nodes },
  },
  {
    name: `${nodes}: CPU per connection`,
    meaning: 'the CPU time of the nodes for one.',
    metric: 'server-cpu-per-connection',
    params: { nodes },
  },
];
