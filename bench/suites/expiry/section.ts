import type { MetricName } from '../../model/metrics.ts';
import type { Run } from '../../model/run-file.ts';
import { connectionTimelines } from '../../report/charts/connection-timelines.ts';
import { frontierChart } from '../../report/charts/frontier-chart.ts';
import { amount, table } from '../../report/format.ts';
import { addedOf } from '../../report/ratio-of.ts';
import { loadsOf, type Row, rowsOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

type Column = [string, MetricName, Record<string, string>?];

const held: Column[] = [
  ['acts after expiry', 'accepted-after-expiry'],
  ['listens after expiry', 'delivered-after-expiry'],
  ['acts after sign-out', 'accepted-after-revocation'],
  ['listens after sign-out', 'delivered-after-revocation'],
  ['acts after ban', 'accepted-after-ban'],
  ['listens after ban', 'delivered-after-ban'],
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

/** What stays usable after its end, what an honest client loses, and both beside the cost of a message. */
export function expirySection(run: Run): string {
  const rows = rowsOf(run).filter(({ role, cell }) => role !== 'baseline' && held.some(([, metric]) => cell(metric)));
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
