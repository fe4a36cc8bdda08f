import { nodeCounts, type Row, rowsOf } from '../bench/report/rows.ts';
import type { MetricName } from '../bench/model/metrics.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import { fitLine, mean, median } from '../bench/stats/statistics.ts';

/** What one strategy's operations take, as a run of several nodes measured them. CPU in ms; commands are the store's. */
export interface Costs {
  readonly message: number;
  readonly connect: number;
  readonly renewal: number;
  readonly commands: {
    /** Of a message that finds nothing which an earlier one left behind; undefined where that was not measured. */
    readonly message: number | undefined;
    readonly connect: number;
    readonly renewal: number;
    readonly idleSecond: number;
  };
  /** Of a sign-out: on the node that takes it, and for each that is told of it. */
  readonly signOut: { readonly cpu: Share; readonly commands: Share };
  /** CPU of the store for one command, in ms. */
  readonly command: number;
}

export interface Share {
  readonly once: number;
  readonly perNode: number;
}

type Points = readonly (readonly [nodes: number, value: number])[];

/** Every strategy of a run, calibrated by the points with so many nodes; 0 where it has no such operation. */
export function calibrated(run: Run, counts = nodeCounts(run)): { readonly row: Row; readonly costs: Costs }[] {
  const rows = rowsOf(run, 'scale').filter(({ role }) => role === 'strategy');
  const signOuts = rows.map((row) => pointsOf(row, counts, 'server-cpu-per-sign-out'));
  const perNode = pooledSlope(signOuts);
  return rows.map((row, index) => ({ row, costs: costsOf(row, counts, shareOf(signOuts[index]!, perNode)) }));
}

/** One block gives a slope that is mostly noise; what tells the nodes is the same in all strategies, so its median is taken. */
function pooledSlope(strategies: readonly Points[]): number {
  const slopes = strategies.filter((points) => points.length > 1).map(slopeOf);
  return slopes.length === 0 ? 0 : Math.max(0, median(slopes));
}

/** One node tells nobody. */
const slopeOf = (points: Points): number => fitLine(points.map(([nodes, value]) => [nodes - 1, value])).slope;

function shareOf(points: Points, perNode: number): Share {
  const others = meanOf(points.map(([nodes]) => [nodes, nodes - 1]));
  return { once: Math.max(0, meanOf(points) - perNode * others), perNode };
}

function costsOf(row: Row, counts: readonly number[], cpu: Share): Costs {
  const at = (metric: MetricName, params: Cell['params'] = {}): number => meanOf(pointsOf(row, counts, metric, params));
  const rare = pointsOf(row, counts, 'store-commands', { op: 'rare message' });
  const told = pointsOf(row, counts, 'store-commands', { op: 'sign-out' });
  return {
    message: at('server-cpu-per-message') / 1000,
    connect: at('server-cpu-per-connection'),
    renewal: at('server-cpu-per-renewal'),
    commands: {
      message: rare.length === 0 ? undefined : meanOf(rare),
      connect: at('store-commands', { op: 'connect' }),
      renewal: at('store-commands', { op: 'renewal' }),
      idleSecond: at('store-commands', { op: 'idle second' }),
    },
    // Commands are counted, and not sampled: each strategy has its own slope.
    signOut: { cpu, commands: shareOf(told, told.length < 2 ? 0 : Math.max(0, slopeOf(told))) },
    command: at('store-cpu-per-command') / 1000,
  };
}

function pointsOf(row: Row, counts: readonly number[], metric: MetricName, params: Cell['params'] = {}): Points {
  return counts.flatMap((nodes) => {
    const cell = row.cell(metric, { nodes, ...params });
    return cell === undefined || cell.void !== undefined ? [] : [[nodes, cell.median] as const];
  });
}

const meanOf = (points: Points): number => (points.length === 0 ? 0 : mean(points.map(([, value]) => value)));
