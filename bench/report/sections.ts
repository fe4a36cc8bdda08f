import type { MetricName } from '../metrics.ts';
import type { Run } from '../run-file.ts';
import { suites } from '../suites/index.ts';
import { amount, ratio, spread, table } from './format.ts';
import { contestantsOf, rowsOf, valuesOf } from './rows.ts';

/** One table a suite, by its id; a suite without one of its own is told in words alone. */
const tables: Record<string, (run: Run) => string> = {
  'parse-cost': parseCostTable,
  'verify-time': verifyTable,
  churn: churnTables,
  expiry: expiryTables,
};

/** A section for each suite that the run has cells of. */
export function suiteSections(run: Run): string {
  return suites
    .filter(({ id }) => run.cells.some(({ suite }) => suite === id))
    .map(({ id, title, question, method }) => `## ${title}\n\n${question}\n\n${tables[id]?.(run) ?? ''}\n\n${method}\n`)
    .join('\n');
}

function parseCostTable(run: Run): string {
  const head = [
    'Strategy',
    'Variant',
    'CPU per message',
    'spread',
    'against the open door',
    'messages/s',
    'p50',
    'p99',
  ];
  return table(
    head,
    rowsOf(run).map((row) => {
      const cpu = row.cell('server-cpu-per-message');
      return [
        row.label,
        row.role === 'baseline' ? 'baseline' : (row.variant ?? ''),
        amount(cpu),
        cpu ? spread(cpu) : '',
        ratio(cpu?.ratio),
        amount(row.cell('messages-per-second')),
        amount(row.cell('latency-p50')),
        amount(row.cell('latency-p99')),
      ];
    }),
  );
}

function verifyTable(run: Run): string {
  const algorithms = valuesOf(run, 'verify-time', 'algorithm');
  const cells = run.cells.filter(({ metric }) => metric === 'verify-time');
  const rows = [...new Set(cells.map(({ strategy, params }) => `${strategy}${params['cached'] ? ', cached' : ''}`))];
  return table(
    ['Library', ...algorithms.map(String)],
    rows.map((label) => [
      label,
      ...algorithms.map((algorithm) =>
        amount(
          cells.find(
            ({ strategy, params }) =>
              `${strategy}${params['cached'] ? ', cached' : ''}` === label && params['algorithm'] === algorithm,
          ),
        ),
      ),
    ]),
    1,
  );
}

function churnTables(run: Run): string {
  const columns: [string, MetricName][] = [
    ['connects/s', 'connects-per-second'],
    ['handshake p50', 'handshake-p50'],
    ['handshake p99', 'handshake-p99'],
    ['server busy', 'server-busy'],
    ['CPU per connection', 'server-cpu-per-connection'],
    ['memory per idle connection', 'rss-per-connection'],
  ];
  const legs = valuesOf(run, 'http-requests-per-second', 'leg');
  const head = [
    'Strategy',
    'Variant',
    ...columns.map(([name]) => name),
    'CPU against the open door',
    ...legs.map((leg) => `${leg}/s`),
  ];
  return table(
    head,
    rowsOf(run).map((row) => [
      row.label,
      row.role === 'baseline' ? 'baseline' : (row.variant ?? ''),
      ...columns.map(([, metric]) => amount(row.cell(metric))),
      ratio(row.cell('server-cpu-per-connection')?.ratio),
      ...legs.map((leg) => amount(row.cell('http-requests-per-second', { leg }))),
    ]),
  );
}

function expiryTables(run: Run): string {
  const held: [string, MetricName][] = [
    ['acts after expiry', 'accepted-after-expiry'],
    ['listens after expiry', 'delivered-after-expiry'],
    ['acts after sign-out', 'accepted-after-revocation'],
    ['listens after sign-out', 'delivered-after-revocation'],
    ['keeps a lost role', 'accepted-after-downgrade'],
  ];
  const honest: [string, MetricName, Record<string, string>?][] = [
    ['messages failed', 'failed-messages'],
    ['notifications lost', 'lost-messages'],
    ['longest gap, talking', 'longest-gap', { side: 'talks' }],
    ['longest gap, listening', 'longest-gap', { side: 'listens' }],
    ['renewals', 'renewals'],
    ['reconnects', 'reconnects'],
    ['connections ended for good', 'ended-connections'],
  ];
  const rows = contestantsOf(run);
  const columns = (of: typeof honest) =>
    table(
      ['Strategy', 'Variant', ...of.map(([name]) => name)],
      rows.map((row) => [
        row.label,
        row.variant ?? '',
        ...of.map(([, metric, params]) => amount(row.cell(metric, params))),
      ]),
    );
  return `Whoever holds the credential:\n\n${columns(held)}\n\nAn honest client:\n\n${columns(honest)}`;
}
