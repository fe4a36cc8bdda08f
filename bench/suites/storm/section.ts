import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { amount, sizeText } from '../../report/format.ts';
import { explainedTable } from '../../report/legend.ts';
import { rowsOf } from '../../report/rows.ts';

type Column = readonly [string, MetricName, string];

const expiry: readonly Column[] = [
  ['Peak over mean', 'peak-over-mean', 'the busiest moment, compared with the mean of the storm.'],
  ['Renewals/s at the peak', 'peak-renewals', 'renewals in a second at the busiest moment.'],
  ['Store commands/s at the peak', 'peak-store-commands', 'commands to Redis in a second at the busiest moment.'],
  ['First to last renewal', 'renewal-span', 'how long the renewals took together.'],
  ['Calm after', 'calm-after', 'how long after the end the last client was connected with a new credential.'],
  ['CPU per renewal', 'server-cpu-per-renewal', 'the CPU time of the server for one.'],
  ['Signed out falsely', 'false-logouts', 'users who had to sign in again though nobody had signed them out.'],
  ['Reconnects of each', 'reconnects', 'how often one client connected again.'],
  ['Event loop p99', 'event-loop-delay-p99', 'the delay of the event loop, 99th percentile.'],
  ['Event loop max', 'event-loop-delay-max', 'the longest delay of the event loop.'],
];
const restart: readonly Column[] = [
  ['Peak over mean', 'peak-over-mean', 'the busiest moment, compared with the mean of the storm.'],
  ['Connects/s at the peak', 'peak-connects', 'connections in a second at the busiest moment.'],
  ['Store commands/s at the peak', 'peak-store-commands', 'commands to Redis in a second at the busiest moment.'],
  ['Renewals of each', 'renewals', 'how often one client renewed.'],
  ['Calm after', 'calm-after', 'how long after the node was up again the last client was connected.'],
  ['Signed out falsely', 'false-logouts', 'users who had to sign in again though nobody had signed them out.'],
  ['Event loop p99', 'event-loop-delay-p99', 'the delay of the event loop, 99th percentile.'],
  ['Event loop max', 'event-loop-delay-max', 'the longest delay of the event loop.'],
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
    explainedTable(
      [
        ['Strategy', 'its id; all are `hardened`. "No jitter" means that clients do not spread their renewals.'],
        ...known.map(([name, , meaning]) => [name, meaning] as const),
      ],
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
      const label = jitter === undefined ? row.strategy : `${row.strategy}, no jitter`;
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
