import type { MetricName } from '../model/metrics.ts';
import { amount } from './format.ts';
import type { Cell } from '../model/run-file.ts';
import type { Row } from './rows.ts';

/** A credential that is still usable so many ms after its end is reported; connections take a moment to be closed. */
export const TOLERATED = 200;

/** What is measured after the end of a credential, and how the report says it. */
const ends: ReadonlyMap<MetricName, string> = new Map([
  ['accepted-after-expiry', 'acts after expiry'],
  ['delivered-after-expiry', 'listens after expiry'],
  ['accepted-after-revocation', 'acts after sign-out'],
  ['delivered-after-revocation', 'listens after sign-out'],
  ['accepted-after-ban', 'acts after a ban'],
  ['delivered-after-ban', 'listens after a ban'],
  ['accepted-after-downgrade', 'keeps a lost role'],
]);

/** Runs of before these were measured have no row with them. They are asked for where one row has them. */
const later: ReadonlySet<MetricName> = new Set(['accepted-after-ban', 'delivered-after-ban']);

/** A credential that stayed usable after it should have ended, or a measurement of it that is void. */
export interface Leak {
  readonly metric: MetricName;
  /** From the end of the credential to the last use that worked; null where the measurement is void. */
  readonly ms: number | null;
  /** It was still usable when the measurement ended, so `ms` is a lower bound. */
  readonly censored: boolean;
}

/** What a run knows of a row's credentials after their end. */
export interface LeakCheck {
  /** Whether each of the ends was measured. */
  readonly complete: boolean;
  readonly leaks: readonly Leak[];
}

type Checked = Pick<Row, 'cell' | 'measuredByRun'>;

/** From the cells of a row. */
export function leaksOf(row: Checked): LeakCheck {
  const asked = [...ends.keys()].filter((metric) => !later.has(metric) || row.measuredByRun(metric));
  const cells = asked.map((metric) => row.cell(metric)).filter((cell) => cell !== undefined);
  return { complete: cells.length === asked.length, leaks: cells.flatMap(leakOf) };
}

function leakOf({ metric, median, censored, void: reason }: Cell): Leak[] {
  if (reason !== undefined) return [{ metric, ms: null, censored: false }];
  return censored || median > TOLERATED ? [{ metric, ms: median, censored: censored === true }] : [];
}

/** Safe means that every end was measured, and that nothing stayed usable. */
export const isSafe = ({ complete, leaks }: LeakCheck): boolean => complete && leaks.length === 0;

/** What stays usable after it should have ended, for a reader. */
export function leakText(row: Checked): string {
  const { complete, leaks } = leaksOf(row);
  if (leaks.length === 0) return complete ? 'no leak found' : 'not measured';
  return leaks
    .map(({ metric, ms }) => `${ends.get(metric)}${ms === null ? ': ' : ' for '}${amount(row.cell(metric))}`)
    .join('; ');
}
