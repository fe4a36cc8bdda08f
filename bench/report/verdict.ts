import type { MetricName } from '../metrics.ts';
import type { Run } from '../run-file.ts';
import { amount, ratio, table } from './format.ts';
import { contestantsOf, type Row } from './rows.ts';

/** How long after its end a credential may still serve before a row is said to give way there, in ms. */
const TOLERATED = 200;

const ends: readonly { metric: MetricName; name: string }[] = [
  { metric: 'accepted-after-expiry', name: 'acts after expiry' },
  { metric: 'delivered-after-expiry', name: 'listens after expiry' },
  { metric: 'accepted-after-revocation', name: 'acts after sign-out' },
  { metric: 'delivered-after-revocation', name: 'listens after sign-out' },
  { metric: 'accepted-after-downgrade', name: 'keeps a lost role' },
];

/** Where a row gives way, in words; computed from its cells and nothing else. */
export function givesWay(row: Row): string {
  const found = ends.flatMap(({ metric, name }) => {
    const cell = row.cell(metric);
    if (cell === undefined) return [];
    if (cell.censored) return [`${name}, ${amount(cell)}`];
    return cell.median > TOLERATED ? [`${name}, for ${amount(cell)}`] : [];
  });
  const lost = row.cell('ended-connections');
  if (lost !== undefined && lost.median > 0) found.push('a silent client has to sign in again');
  return found.length === 0 ? 'nowhere that this run looks' : found.join('; ');
}

/** What each strategy costs and where it gives way, one line each. */
export function verdictTable(run: Run): string {
  const head = ['Strategy', 'Variant', 'Gives way', 'CPU per message', 'added', 'CPU per connection'];
  const rows = contestantsOf(run).map((row) => {
    const message = row.cell('server-cpu-per-message');
    return [
      row.label,
      row.variant ?? '',
      givesWay(row),
      message?.void ?? ratio(message?.ratio),
      message?.added == null ? '' : `${message.added.estimate.toFixed(1)} us`,
      ratio(row.cell('server-cpu-per-connection')?.ratio),
    ];
  });
  return table(head, rows, 3);
}
