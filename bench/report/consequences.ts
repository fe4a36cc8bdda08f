import type { MetricName } from '../model/metrics.ts';
import type { Cell } from '../model/run-file.ts';
import { TOLERATED } from './leaks.ts';
import type { Row } from './rows.ts';

/** The events that end a credential while a connection holds it. */
export const ends = ['expiry', 'sign-out', 'ban', 'lost role'] as const;
export type End = (typeof ends)[number];

const metrics: Readonly<Record<End, { readonly acts: MetricName; readonly receives?: MetricName }>> = {
  expiry: { acts: 'accepted-after-expiry', receives: 'delivered-after-expiry' },
  'sign-out': { acts: 'accepted-after-revocation', receives: 'delivered-after-revocation' },
  ban: { acts: 'accepted-after-ban', receives: 'delivered-after-ban' },
  'lost role': { acts: 'accepted-after-downgrade' },
};

/** How long one kind of use still worked after the end of the credential. */
export interface LastUse {
  /** ms from the end to the last use that worked: the worst probe of the median block. */
  readonly ms: number;
  /** It had not ended when the measurement did, so `ms` is a lower bound. */
  readonly censored: boolean;
  /** It went on for longer than a connection takes to be closed (`TOLERATED`). */
  readonly goesOn: boolean;
}

/** The remaining uses of a connection after one end. A use is undefined if it was not measured, or is void. */
export interface AfterEnd {
  /** The server handled its messages. */
  readonly acts: LastUse | undefined;
  /** The server sent it notifications. */
  readonly receives: LastUse | undefined;
}

/** The effect of expiry on clients that renew and reconnect as their strategy allows. */
export interface AtExpiry {
  readonly kind:
    | 'renewed in place'
    | 'reconnects'
    | 'ended for good'
    | 'messages refused'
    | 'nothing happens'
    | 'not measured';
  /** Notifications that were pushed and never arrived, all clients together; and how many were pushed, 0 if not known. */
  readonly lost: number;
  readonly pushed: number;
  /** Messages that were refused or not answered. */
  readonly failed: number;
  /** Connections that did not come back. */
  readonly ended: number;
  /** How many users took part; each has two connections: one talks and one only listens. */
  readonly clients: number;
}

/** The facts of a run about one entry at the ends of its credentials. `consequence-text.ts` has the words. */
export interface Consequences {
  readonly atExpiry: AtExpiry;
  readonly after: Readonly<Record<End, AfterEnd>>;
}

/** From the cells of a row. */
export function consequencesOf(row: Pick<Row, 'cell'>): Consequences {
  const use = (metric?: MetricName) => (metric === undefined ? undefined : lastUse(row.cell(metric)));
  const after = (end: End): AfterEnd => ({ acts: use(metrics[end].acts), receives: use(metrics[end].receives) });
  return {
    atExpiry: atExpiryOf(row),
    after: {
      expiry: after('expiry'),
      'sign-out': after('sign-out'),
      ban: after('ban'),
      'lost role': after('lost role'),
    },
  };
}

function lastUse(cell: Cell | undefined): LastUse | undefined {
  if (cell === undefined || cell.void !== undefined) return undefined;
  const censored = cell.censored === true;
  return { ms: cell.median, censored, goesOn: censored || cell.median > TOLERATED };
}

function atExpiryOf(row: Pick<Row, 'cell'>): AtExpiry {
  const cellOf = (metric: MetricName) => {
    const cell = row.cell(metric);
    return cell?.void === undefined ? cell : undefined;
  };
  const count = (metric: MetricName) => cellOf(metric)?.median ?? 0;
  const measured = cellOf('ended-connections');
  const ended = count('ended-connections');
  const kind =
    measured === undefined
      ? 'not measured'
      : ended > 0
        ? 'ended for good'
        : count('reconnects') > 0
          ? 'reconnects'
          : count('renewals') > 0
            ? 'renewed in place'
            : count('failed-messages') > 0
              ? 'messages refused'
              : 'nothing happens';
  return {
    kind,
    lost: count('lost-messages'),
    pushed: count('pushed-messages'),
    failed: count('failed-messages'),
    ended,
    clients: Number(measured?.params['clients'] ?? 0),
  };
}
