import type { MetricName } from '../metrics.ts';
import type { Run } from '../run-file.ts';
import { amount, table } from './format.ts';
import { rowsOf } from './rows.ts';

type Column = readonly [string, MetricName];

const expiry: Column[] = [
  ['peak / mean', 'peak-over-mean'],
  ['renewals/s at the peak', 'peak-renewals'],
  ['first to last renewal', 'renewal-span'],
  ['CPU a renewal', 'server-cpu-per-renewal'],
  ['signed out falsely', 'false-logouts'],
  ['reconnects, each', 'reconnects'],
  ['event loop p99', 'event-loop-delay-p99'],
];
const restart: Column[] = [
  ['peak / mean', 'peak-over-mean'],
  ['connects/s at the peak', 'peak-connects'],
  ['store commands/s at the peak', 'peak-store-commands'],
  ['renewals, each', 'renewals'],
  ['calm after', 'calm-after'],
  ['signed out falsely', 'false-logouts'],
  ['event loop p99', 'event-loop-delay-p99'],
];

/** For each storm one row a strategy, and one for what it is without jitter. */
export function stormSection(run: Run): string {
  return [
    `Everyone's credential ends in one moment:\n\n${stormTable(run, 'expiry', expiry)}`,
    `Their node is killed, and starts again:\n\n${stormTable(run, 'restart', restart)}`,
  ].join('\n\n');
}

function stormTable(run: Run, after: string, columns: readonly Column[]): string {
  const cells = run.cells.filter(({ suite, params }) => suite === 'storm' && params['after'] === after);
  const rows = rowsOf(run, 'storm').flatMap(({ label, ...row }) =>
    [undefined, 'no'].flatMap((jitter) => {
      const own = cells.filter(
        ({ strategy, variant, params }) =>
          strategy === row.strategy && variant === row.variant && params['jitter'] === jitter,
      );
      if (own.length === 0) return [];
      const figures = columns.map(([, metric]) => amount(own.find((cell) => cell.metric === metric)));
      return [[jitter === undefined ? label : `${label}, no jitter`, ...figures]];
    }),
  );
  return table(['Strategy', ...columns.map(([name]) => name)], rows, 1);
}
