import { loadsOf } from '../../report/rows.ts';
import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { ratioScale } from '../../report/charts/ratio-scale.ts';
import { cellsOf, entriesOf, type EntryLabel } from '../../report/entry-labels.ts';
import type { Markup } from '../../report/markup.ts';
import { noiseOf } from '../../model/noise.ts';
import { addedDatum, amountDatum, BAR, barDatum, pDatum, ratioDatum } from './data.ts';
import { ofNodes } from '../../suites/registry.ts';
import { filterData } from './filters.ts';
import { type Datum, sortableTable, type TableRow } from './table.ts';

interface Column {
  readonly title: string;
  readonly figure?: boolean;
  datum(entry: EntryLabel): Datum;
}

const amounts: readonly (readonly [title: string, MetricName])[] = [
  ['Messages/s', 'messages-per-second'],
  ['Latency p50', 'latency-p50'],
  ['Latency p99', 'latency-p99'],
  ['Acts after expiry', 'accepted-after-expiry'],
  ['Listens after expiry', 'delivered-after-expiry'],
  ['Acts after revocation', 'accepted-after-revocation'],
  ['Listens after revocation', 'delivered-after-revocation'],
  ['Keeps a lost role', 'accepted-after-downgrade'],
  ['Memory per connection', 'rss-per-connection'],
  ['Heap per connection', 'heap-per-connection'],
];

/** A row for everyone who was measured as a whole server: what it costs, and how long it serves what has ended. */
export function comparisonTable(whole: Run, entries: readonly EntryLabel[]): Markup {
  // On several nodes the same metrics are other figures, one for each number of them.
  const run = { ...whole, cells: whole.cells.filter(({ suite }) => !ofNodes.has(suite)) };
  const guards = cellsOf(run, 'guard-time');
  const columns: Column[] = [
    { title: 'Strategy', datum: ({ title }: EntryLabel) => ({ content: title }) },
    { title: 'Variant', datum: ({ variant }: EntryLabel) => ({ content: variant ?? '' }) },
    { title: 'Role', datum: ({ role }: EntryLabel) => ({ content: role }) },
    ...loadsOf(run).flatMap((params) =>
      comparedColumns(run, 'parse-cost', 'server-cpu-per-message', 'CPU per message', params),
    ),
    { title: 'CPU of a guard decision', figure: true, datum: ({ key }: EntryLabel) => amountDatum(guards.get(key)) },
    { title: 'Added by the guard', figure: true, datum: ({ key }: EntryLabel) => addedDatum(run, guards.get(key)) },
    ...comparedColumns(run, 'churn', 'server-cpu-per-connection', 'CPU per connection', {}),
    ...amounts.map(([title, metric]): Column => {
      const cells = cellsOf(run, metric);
      return { title, figure: true, datum: ({ key }: EntryLabel) => amountDatum(cells.get(key)) };
    }),
  ].filter(({ datum }) => entries.some((entry) => datum(entry).content !== ''));
  const rows = entries.map((entry): TableRow => ({
    data: filterData(entry),
    cells: columns.map((column) => column.datum(entry)),
  }));
  return sortableTable(
    'Comparison',
    'Ratios are to the no-auth baseline, with 95% intervals. The noise of this run and the number of comparisons are taken into account. ">" means that it had not ended when the measurement did.',
    columns,
    rows,
  );
}

/** Who has a figure of a whole server, and not of a library alone. */
export const measuredEntries = (run: Run): EntryLabel[] =>
  entriesOf(
    run,
    run.cells.filter(({ suite, metric }) => suite !== 'verify-time' && metric !== 'verify-time'),
  );

/** A metric as its suite measured it. The platform layers have no other suite than their own. */
function comparedColumns(run: Run, suite: string, metric: MetricName, name: string, params: Cell['params']): Column[] {
  const own = cellsOf(run, metric, params, suite);
  const cells = new Map([...cellsOf(run, metric, params, 'platform-floor'), ...own]);
  const [first] = own.values();
  const ratios = [...cells.values()].flatMap((cell) => (cell.ratio && cell.void === undefined ? [cell.ratio] : []));
  const scale = ratioScale(ratios, first && noiseOf(run, first), [10, BAR - 10]);
  const load = params['load'] === undefined ? '' : `, ${params['load']}`;
  return [
    { title: `${name}${load}`, figure: true, datum: ({ key }: EntryLabel) => amountDatum(cells.get(key)) },
    { title: 'Ratio', figure: true, datum: ({ key }: EntryLabel) => ratioDatum(run, cells.get(key)) },
    { title: 'Interval', datum: ({ key, hue }: EntryLabel) => barDatum(run, cells.get(key), scale, hue) },
    { title: 'Added', figure: true, datum: ({ key }: EntryLabel) => addedDatum(run, cells.get(key)) },
    { title: 'p, corrected', figure: true, datum: ({ key }: EntryLabel) => pDatum(run, cells.get(key)) },
  ].map((column) => (column.title.startsWith(name) ? column : { ...column, title: `${column.title}${load}` }));
}
