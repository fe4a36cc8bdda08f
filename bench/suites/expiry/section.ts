import type { MetricName } from '../../model/metrics.ts';
import type { Run } from '../../model/run-file.ts';
import { connectionTimelines } from '../../report/charts/connection-timelines.ts';
import { frontierChart } from '../../report/charts/frontier-chart.ts';
import { amount } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { addedOf } from '../../report/ratio-of.ts';
import { loadsOf, type Row, rowsOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

type Column = [string, MetricName, string, Record<string, string>?];

const held: Column[] = [
  ['Acts after expiry', 'accepted-after-expiry', 'from the expiry to the last message that was handled.'],
  ['Receives after expiry', 'delivered-after-expiry', 'from the expiry to the last notification that was delivered.'],
  ['Acts after sign-out', 'accepted-after-revocation', 'from the sign-out to the last message that was handled.'],
  [
    'Receives after sign-out',
    'delivered-after-revocation',
    'from the sign-out to the last notification that was delivered.',
  ],
  ['Acts after a ban', 'accepted-after-ban', 'from the ban to the last message that was handled.'],
  ['Receives after a ban', 'delivered-after-ban', 'from the ban to the last notification that was delivered.'],
  [
    'Keeps a lost role',
    'accepted-after-downgrade',
    'from the loss of a role to the last message that was handled by it.',
  ],
];
const honest: Column[] = [
  ['Messages failed', 'failed-messages', 'messages that were refused or not answered.'],
  ['Notifications lost', 'lost-messages', 'notifications that were pushed and never arrived.'],
  [
    'Longest gap, sending',
    'longest-gap',
    'the longest time without an answer on a connection that sends.',
    { side: 'talks' },
  ],
  [
    'Longest gap, listening',
    'longest-gap',
    'the longest time without a notification on a connection that only listens.',
    { side: 'listens' },
  ],
  ['Renewals', 'renewals', 'how often clients renewed their credential.'],
  ['Reconnects', 'reconnects', 'how often clients connected again.'],
  ['Connections ended for good', 'ended-connections', 'connections that did not come back.'],
];

/** What stays usable after its end, what an honest client loses, and both beside the cost of a message. */
export function expirySection(run: Run): string {
  const rows = rowsOf(run).filter(
    ({ role, cell }) => role === 'strategy' || (role === 'peer' && cell('ended-connections') !== undefined),
  );
  const columns = (all: Column[]) => {
    const of = all.filter(([, metric, , params]) => rows.some((row) => row.cell(metric, params) !== undefined));
    return explainedTable(
      [...entryColumns, ...of.map(([name, , meaning]) => [name, meaning] as const)],
      rows.map((row) => [
        row.strategy,
        row.kind,
        ...of.map(([, metric, , params]) => amount(row.cell(metric, params))),
      ]),
    );
  };
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
    return [[row.strategy, row.kind, addedOf(run, costs[index]), amount(worst)]];
  });
  const columns = [
    ...entryColumns,
    ['Added to a message', 'CPU time at full load, compared with `_no-auth`.'],
    ['Longest use after an end', 'the longest that anything still worked after any end above.'],
  ] as const;
  return `Cost beside use after the end:\n\n${explainedTable(columns, lines)}`;
}

export const expiryCharts = (run: Run): Chart[] => [
  {
    file: 'timeline.svg',
    alt: 'What happens to one connection of each entry at expiry, after sign-out and after a ban',
    svg: connectionTimelines(run)?.svg ?? null,
  },
  {
    file: 'frontier.svg',
    alt: 'What a message costs against how long a revoked credential still serves',
    svg: frontierChart(run, { params: loadsOf(run)[0] ?? {} }),
  },
];
