import { type Advice, advise } from '../../advise/advise.ts';
import type { Candidate, Demand } from '../../advise/demand.ts';
import type { AuditReport } from '../../audits/engine/audit-file.ts';
import { metrics } from '../../bench/suites/registry.ts';
import type { Cell, Run } from '../../bench/model/run-file.ts';
import type { Supports, VariantName } from '../../strategies/strategy.ts';
import { auditReport } from './audit-report.ts';
import { reportRun } from './report-run.ts';

/** A strategy of a made run: what it does at expiry, and what its messages cost. */
export interface Made {
  readonly id: string;
  readonly supports?: Partial<Supports>;
  readonly renewsAhead?: readonly [number, number];
  /** `renewed in place` where absent. */
  readonly atExpiry?: 'reconnects' | 'ended for good' | 'not measured';
  /** ms for which it receives after expiry. */
  readonly receives?: number;
  /** CPU per message against the baseline, with its interval. */
  readonly cpu?: readonly [estimate: number, low: number, high: number];
  /** p99 from a ban to the last use, in ms; null where it goes on. */
  readonly banned?: number | null;
  /** Renewals per second at the peak, ms until the last client is in again, and clients that were signed out by mistake. */
  readonly storm?: readonly [peak: number, calmAfter: number, falseLogouts: number];
  /** By number of nodes: p99 of a revocation in ms, and store commands per renewal. */
  readonly nodes?: Readonly<Record<number, readonly [revocation: number, commands: number]>>;
}

/** The records that advice is computed from. */
interface MadeRecords {
  readonly run: Run;
  readonly audit: AuditReport;
  readonly candidates: Candidate[];
  readonly nodes: Run;
}

const variant: VariantName = 'hardened';
const jwt: Supports = { credential: true, cookie: false, renewal: 'in-band', issuesCredential: false, token: 'jwt' };

const cellOf = (strategy: string, suite: string, metric: string, median: number, change: Partial<Cell> = {}): Cell => ({
  suite,
  role: 'strategy',
  strategy,
  variant,
  metric,
  ...metrics.get(metric)!,
  median,
  ciLow: null,
  ciHigh: null,
  ratio: null,
  added: null,
  blocks: [median],
  ratios: null,
  addeds: null,
  params: {},
  ...change,
});

const saturated = { load: 'saturated' };
const baseline: Cell[] = [
  cellOf('_no-auth', 'parse-cost', 'server-cpu-per-message', 50, {
    role: 'baseline',
    variant: null,
    params: saturated,
  }),
  cellOf('_no-auth', 'parse-cost', 'messages-per-second', 20_000, {
    role: 'baseline',
    variant: null,
    params: saturated,
  }),
  cellOf('_twin', 'parse-cost', 'server-cpu-per-message', 50, {
    role: 'twin',
    variant: null,
    params: saturated,
    ratio: { estimate: 1, ciLow: 0.95, ciHigh: 1.05, p: 0.8, n: 12 },
  }),
];

function runCells({ id, atExpiry, receives = 40, cpu: [estimate, low, high] = [1.02, 0.97, 1.06] }: Made): Cell[] {
  const p = low > 1 ? 0.0001 : 0.5;
  const clients = { clients: 5 };
  const expiry = (metric: string, median: number) => cellOf(id, 'expiry', metric, median, { params: clients });
  return [
    cellOf(id, 'parse-cost', 'server-cpu-per-message', 50 * estimate, {
      params: saturated,
      ratio: { estimate, ciLow: low, ciHigh: high, p, n: 12 },
    }),
    cellOf(id, 'churn', 'server-cpu-per-connection', 2),
    cellOf(id, 'churn', 'rss-per-connection', 32, { params: { connections: 10_000 } }),
    expiry('accepted-after-expiry', 30),
    expiry('delivered-after-expiry', receives),
    ...(atExpiry === 'not measured'
      ? []
      : [
          expiry('ended-connections', atExpiry === 'ended for good' ? 5 : 0),
          expiry('reconnects', atExpiry === 'reconnects' ? 20 : 0),
          expiry('renewals', 20),
          expiry('lost-messages', atExpiry === undefined ? 0 : 25),
        ]),
  ];
}

function nodesCells({ id, storm, nodes = {} }: Made): Cell[] {
  const after = { after: 'expiry', sockets: 10_000, lifetime: 100_000 };
  return [
    ...(storm === undefined
      ? []
      : [
          cellOf(id, 'storm', 'peak-renewals', storm[0], { params: after }),
          ...(['peak-renewals', 'calm-after', 'false-logouts'] as const).map((metric) =>
            cellOf(id, 'storm', metric, 9e9, { params: { ...after, jitter: 'no' } }),
          ),
          cellOf(id, 'storm', 'calm-after', storm[1], { params: after }),
          cellOf(id, 'storm', 'false-logouts', storm[2], { params: after }),
        ]),
    ...Object.entries(nodes).flatMap(([count, [revocation, commands]]) => [
      cellOf(id, 'scale', 'revocation-p99', revocation, { params: { nodes: Number(count) } }),
      cellOf(id, 'scale', 'server-cpu-per-renewal', 1, { params: { nodes: Number(count) } }),
      cellOf(id, 'scale', 'store-commands', commands, { params: { nodes: Number(count), op: 'renewal' } }),
      cellOf(id, 'scale', 'store-commands', 1, { params: { nodes: Number(count), op: 'rare message' } }),
    ]),
  ];
}

/** A run, an audit, and a run of several nodes, of such strategies; each is measured in its hardened variant. */
export function adviceRecords(made: readonly Made[]): MadeRecords {
  const spread = { n: 100, p50: 1, p95: 2, p99: 5, max: 8, censored: 0 };
  return {
    run: reportRun({ cells: [...baseline, ...made.flatMap(runCells)], timelines: [] }),
    nodes: reportRun({ profile: 'nodes', cells: made.flatMap(nodesCells), timelines: [] }),
    audit: auditReport({
      staleness: made.flatMap(({ id, banned = 5 }) =>
        (['logout', 'ban'] as const).map((end) => {
          const last =
            end === 'logout' ? spread : { ...spread, p99: banned ?? 2000, censored: banned === null ? 3 : 0 };
          return { strategy: id, variant, end, handled: spread, delivered: last, closed: spread };
        }),
      ),
    }),
    candidates: made.map(({ id, supports, renewsAhead }) => {
      const known = { supports: { ...jwt, ...supports }, ...(renewsAhead && { renewsAhead }) };
      return { id, title: id, variants: { hardened: known, 'as-published': known } };
    }),
  };
}

export const demand: Demand = {
  messagesPerSecond: 1000,
  connections: 9000,
  revocationWithin: 5000,
  tokenTtl: 900_000,
  nodes: 1,
  sharedStore: true,
  silentListeners: true,
};

/** A strategy that ends silent clients for good. */
export const session: Made = {
  id: 'session',
  atExpiry: 'ended for good',
  supports: { renewal: 'activity', token: 'opaque', cookie: true },
};

/** The advice for such strategies; with or without the run of several nodes. */
export function askAdvice(made: readonly Made[], changed: Partial<Demand> = {}, withNodes = true): Advice {
  const { run, audit, candidates, nodes } = adviceRecords(made);
  return advise({ ...demand, ...changed }, run, audit, candidates, withNodes ? nodes : undefined);
}
