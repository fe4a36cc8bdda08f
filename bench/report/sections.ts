import type { MetricName } from '../metrics.ts';
import type { Run } from '../run-file.ts';
import { suites } from '../suites/index.ts';
import { runtimeSection } from '../suites/runtime/section.ts';
import { chartsOf } from './charts/charts-of.ts';
import { amount, spread, table } from './format.ts';
import { guardSection } from './guard-section.ts';
import { messageSection } from './message-section.ts';
import { platformSection } from './platform-section.ts';
import { addedOf, ratioOf } from './ratio-of.ts';
import { strategyRowsOf, type Row, rowsOf, valuesOf } from './rows.ts';
import { scaleSection } from './scale-section.ts';
import { scalingSection } from './scaling-section.ts';
import { stormSection } from './storm-section.ts';

/** What a suite's section shows, by its id; a suite without one of its own is told in words alone. */
const shown: Record<string, (run: Run) => string> = {
  'parse-cost': messageSection,
  'guard-cost': guardSection,
  'verify-time': verifyTable,
  'platform-floor': platformSection,
  churn: churnTables,
  scaling: scalingSection,
  scale: scaleSection,
  storm: stormSection,
  expiry: expiryTables,
  generator: generatorTable,
  runtime: runtimeSection,
};

/** A section for each suite that the run has cells of; its pictures are files in `folder`. */
export function suiteSections(run: Run, folder: string): string {
  const charts = chartsOf(run);
  return suites
    .filter(({ id }) => run.cells.some(({ suite }) => suite === id))
    .map(({ id, title, question, method }) => {
      const pictures = charts.filter(({ suite }) => suite === id).map(({ alt, file }) => `![${alt}](${folder}${file})`);
      const parts = [`## ${title}`, question, ...pictures, shown[id]?.(run) ?? '', method];
      return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
    })
    .join('\n');
}

function verifyTable(run: Run): string {
  const algorithms = valuesOf(run, 'verify-time', 'algorithm');
  const cells = run.cells.filter(({ metric }) => metric === 'verify-time');
  const labelOf = ({ strategy, params }: (typeof cells)[number]) => `${strategy}${params['cached'] ? ', cached' : ''}`;
  const labels = [...new Set(cells.map(labelOf))].toSorted();
  return table(
    ['Library', ...algorithms.map(String)],
    labels.map((label) => [
      label,
      ...algorithms.map((algorithm) =>
        amount(cells.find((cell) => labelOf(cell) === label && cell.params['algorithm'] === algorithm)),
      ),
    ]),
    1,
  );
}

function churnTables(run: Run): string {
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

function generatorTable(run: Run): string {
  const head = ['Client', 'CPU per message', 'spread', 'against the bare client'];
  const rows = rowsOf(run, 'generator').map((row) => {
    const cell = row.cell('generator-cpu-per-message');
    return [row.label, amount(cell), cell ? spread(cell) : '', ratioOf(run, cell)];
  });
  return table(head, rows, 1);
}

type Column = [string, MetricName, Record<string, string>?];

const held: Column[] = [
  ['acts after expiry', 'accepted-after-expiry'],
  ['listens after expiry', 'delivered-after-expiry'],
  ['acts after sign-out', 'accepted-after-revocation'],
  ['listens after sign-out', 'delivered-after-revocation'],
  ['keeps a lost role', 'accepted-after-downgrade'],
];
const honest: Column[] = [
  ['messages failed', 'failed-messages'],
  ['notifications lost', 'lost-messages'],
  ['longest gap, talking', 'longest-gap', { side: 'talks' }],
  ['longest gap, listening', 'longest-gap', { side: 'listens' }],
  ['renewals', 'renewals'],
  ['reconnects', 'reconnects'],
  ['connections ended for good', 'ended-connections'],
];

function expiryTables(run: Run): string {
  const rows = strategyRowsOf(run);
  const columns = (of: Column[]) =>
    table(
      ['Strategy', 'Variant', ...of.map(([name]) => name)],
      rows.map((row) => [row.label, row.kind, ...of.map(([, metric, params]) => amount(row.cell(metric, params)))]),
    );
  return `Whoever holds the credential:\n\n${columns(held)}\n\nAn honest client:\n\n${columns(honest)}\n\n${frontier(run, rows)}`;
}

/** Cost against staleness: what a message costs, and how long a credential that is over still serves. */
function frontier(run: Run, rows: readonly Row[]): string {
  const costs = rows.map((row) => row.cell('server-cpu-per-message', { load: 'saturated' }));
  if (costs.every((cell) => cell === undefined)) return '';
  const lines = rows.flatMap((row, index) => {
    if (costs[index] === undefined) return [];
    const cells = held.flatMap(([, metric]) => row.cell(metric) ?? []).filter((cell) => cell.void === undefined);
    const worst = cells.toSorted((a, b) => b.median - a.median)[0];
    return [[row.label, row.kind, addedOf(run, costs[index]), amount(worst)]];
  });
  const head = ['Strategy', 'Variant', 'added to a message', 'longest that anything still worked'];
  return `Cost against staleness:\n\n${table(head, lines)}`;
}
