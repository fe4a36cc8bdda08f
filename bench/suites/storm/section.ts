import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { amount, sizeText, table } from '../../report/format.ts';
import { rowsOf } from '../../report/rows.ts';

type Column = readonly [string, MetricName];

const expiry: readonly Column[] = [
  ['peak / mean', 'peak-over-mean'],
  ['renewals/s at the peak', 'peak-renewals'],
  ['store commands/s at the peak', 'peak-store-commands'],
  ['first to last renewal', 'renewal-span'],
  ['calm after', 'calm-after'],
  ['CPU a renewal', 'server-cpu-per-renewal'],
  ['signed out falsely', 'false-logouts'],
  ['reconnects, each', 'reconnects'],
  ['event loop p99', 'event-loop-delay-p99'],
  ['event loop max', 'event-loop-delay-max'],
];
const restart: readonly Column[] = [
  ['peak / mean', 'peak-over-mean'],
  ['connects/s at the peak', 'peak-connects'],
  ['store commands/s at the peak', 'peak-store-commands'],
  ['renewals, each', 'renewals'],
  ['calm after', 'calm-after'],
  ['signed out falsely', 'false-logouts'],
  ['event loop p99', 'event-loop-delay-p99'],
  ['event loop max', 'event-loop-delay-max'],
];

/** For each storm one row a strategy, and one for what it is without jitter. */
export const stormSection = (run: Run): string =>
  [
    ...stormOf(run, 'expiry', "Everyone's credential ends in one moment", expiry),
    ...stormOf(run, 'restart', 'Their node is killed, and starts again', restart),
  ].join('\n\n');

interface StormRow {
  readonly label: string;
  readonly cell: (metric: MetricName) => Cell | undefined;
}

/** Nothing where no such storm was measured; without the columns that nobody has a figure for: older runs measured less. */
function stormOf(run: Run, after: string, caption: string, columns: readonly Column[]): string[] {
  const rows = stormRows(run, after);
  if (rows.length === 0) return [];
  const known = columns.filter(([, metric]) => rows.some(({ cell }) => cell(metric) !== undefined));
  const sockets = rows[0]?.cell('false-logouts')?.params['sockets'];
  const size = sizeText(
    run,
    'storm',
    sockets === undefined ? undefined : `${Number(sockets).toLocaleString('en')} sockets`,
  );
  return [
    `${caption}${size}:`,
    table(
      ['Strategy', ...known.map(([name]) => name)],
      rows.map(({ label, cell }) => [label, ...known.map(([, metric]) => amount(cell(metric)))]),
      1,
    ),
    ...reasons(rows),
  ];
}

function stormRows(run: Run, after: string): StormRow[] {
  const cells = run.cells.filter(({ suite, params }) => suite === 'storm' && params['after'] === after);
  return rowsOf(run, 'storm').flatMap((row) =>
    [undefined, 'no'].flatMap((jitter) => {
      const own = cells.filter(
        ({ strategy, variant, params }) =>
          strategy === row.strategy && variant === row.variant && params['jitter'] === jitter,
      );
      if (own.length === 0) return [];
      const label = jitter === undefined ? row.label : `${row.label}, no jitter`;
      return [{ label, cell: (metric: MetricName) => own.find((one) => one.metric === metric) }];
    }),
  );
}

/** With which code whoever was signed out falsely was refused, where a run says so. */
function reasons(rows: readonly StormRow[]): string[] {
  const lost = rows.flatMap(({ label, cell }) => {
    const code = cell('false-logouts')?.params['code'];
    return code === undefined ? [] : [`${label}: ${code}`];
  });
  return lost.length === 0 ? [] : [`Refused for good, with the code that each was told: ${lost.join('; ')}.`];
}
