import type { MetricName } from '../metrics.ts';
import { amount } from './format.ts';
import type { Row } from './rows.ts';

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
    if (cell.void !== undefined) return [`${name}: ${amount(cell)}`];
    if (cell.censored) return [`${name}, ${amount(cell)}`];
    return cell.median > TOLERATED ? [`${name}, for ${amount(cell)}`] : [];
  });
  if (ends.every(({ metric }) => row.cell(metric) === undefined)) return 'not looked at';
  return found.length === 0 ? 'nowhere that this run looks' : found.join('; ');
}

export const isSafe = (row: Row): boolean => givesWay(row) === 'nowhere that this run looks';
