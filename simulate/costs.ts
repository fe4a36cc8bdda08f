import { type Row, rowsOf, valuesOf } from '../bench/report/rows.ts';
import type { MetricName } from '../bench/metrics.ts';
import type { Cell, Run } from '../bench/run-file.ts';
import { fitLine } from '../bench/statistics.ts';

/** What one strategy's operations take, as a run of several nodes measured them. CPU in ms; commands are the store's. */
export interface Costs {
  readonly message: number;
  readonly connect: number;
  readonly renewal: number;
  readonly commands: {
    readonly message: number;
    readonly connect: number;
    readonly renewal: number;
    readonly idleSecond: number;
  };
  /** Of a sign-out: on the node that takes it, and for each that is told of it. */
  readonly signOut: { readonly cpu: Share; readonly commands: Share };
  /** CPU of the store for one command, in ms. */
  readonly command: number;
}

interface Share {
  readonly once: number;
  readonly perNode: number;
}

/** The counts of nodes that a run was measured on, from few to many. */
export const nodeCounts = (run: Run): number[] =>
  valuesOf(run, 'revocation-p99', 'nodes', 'scale')
    .map(Number)
    .toSorted((a, b) => a - b);

export const measuredRows = (run: Run): Row[] => rowsOf(run, 'scale').filter(({ role }) => role === 'contestant');

/** Calibrated by the points with so many nodes; 0 where a strategy has no such operation. */
export function costsOf(row: Row, counts: readonly number[]): Costs {
  const at = (metric: MetricName, params: Cell['params'] = {}): [number, number][] =>
    counts.flatMap((nodes) => {
      const cell = row.cell(metric, { nodes, ...params });
      return cell === undefined || cell.void !== undefined ? [] : [[nodes, cell.median] as [number, number]];
    });
  const mean = (points: readonly (readonly [number, number])[]): number =>
    points.length === 0 ? 0 : points.reduce((sum, [, value]) => sum + value, 0) / points.length;
  /** One node tells nobody. */
  const share = (points: [number, number][]): Share => {
    if (points.length < 2) return { once: mean(points), perNode: 0 };
    const { slope, intercept } = fitLine(points.map(([nodes, value]) => [nodes - 1, value]));
    return { once: intercept, perNode: Math.max(0, slope) };
  };
  return {
    message: mean(at('server-cpu-per-message')) / 1000,
    connect: mean(at('server-cpu-per-connection')),
    renewal: mean(at('server-cpu-per-renewal')),
    commands: {
      message: mean(at('store-commands', { op: 'rare message' })),
      connect: mean(at('store-commands', { op: 'connect' })),
      renewal: mean(at('store-commands', { op: 'renewal' })),
      idleSecond: mean(at('store-commands', { op: 'idle second' })),
    },
    signOut: { cpu: share(at('server-cpu-per-sign-out')), commands: share(at('store-commands', { op: 'sign-out' })) },
    command: mean(at('store-cpu-per-command')) / 1000,
  };
}
