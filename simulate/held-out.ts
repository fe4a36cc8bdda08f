import { nodeCounts, type Row } from '../bench/report/rows.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import { median } from '../bench/stats/statistics.ts';
import { calibrated, type Costs, type Share } from './costs.ts';
import { steady } from './model.ts';

export const kinds = ['commands', 'CPU', 'staleness'] as const;
type Kind = (typeof kinds)[number];

/** A figure that was predicted, beside the cell that says what it is. */
export interface Predicted {
  readonly row: Row;
  readonly kind: Kind;
  readonly what: string;
  /** In the unit of the cell. */
  readonly value: number;
  readonly cell: Cell;
  /** In % of what was measured; undefined where that is nothing. */
  readonly error: number | undefined;
}

/** Nothing but what is measured; the cores that the nodes of the run shared. */
const quiet = { connections: 100, messages: 0, signOuts: 0.05, stays: Infinity, lifetime: Infinity, stores: 1 };

/** One way between two processes, in ms, so that the simulated median of so many nodes is the measured one. */
export function hopOf(row: Row, costs: Costs, cores: number, nodes: number, seed: number): number {
  const without = steady({ ...quiet, costs, nodes, cores, hop: 0, seed }).staleness?.p50 ?? 0;
  return Math.max(0, ((row.cell('revocation-p50', { nodes })?.median ?? 0) - without) / 2);
}

/** Calibrated by all numbers of nodes but the largest, it foretells that one; nothing where too few were measured. */
export function heldOut(run: Run, seed: number): Predicted[] {
  const counts = nodeCounts(run);
  const nodes = counts.at(-1);
  const known = counts.slice(0, -1);
  const most = known.at(-1);
  if (nodes === undefined || most === undefined || most < 2) return [];
  const { cores } = run.environment;
  return calibrated(run, known).flatMap(({ row, costs }) => {
    const hop = hopOf(row, costs, cores, most, seed);
    const { staleness } = steady({ ...quiet, costs, nodes, cores, hop, seed });
    const { signOut, commands } = costs;
    const of = ({ once, perNode }: Share): number => once + (nodes - 1) * perNode;
    const asked = (op: string): Cell | undefined => row.cell('store-commands', { op, nodes });
    const predicted: (readonly [Kind, string, number | undefined, Cell | undefined])[] = [
      ['commands', 'a rare message', commands.message, asked('rare message')],
      ['commands', 'a connect', commands.connect, asked('connect')],
      ['commands', 'a renewal', commands.renewal, asked('renewal')],
      ['commands', 'a sign-out', of(signOut.commands), asked('sign-out')],
      ['CPU', 'a message', 1000 * costs.message, row.cell('server-cpu-per-message', { nodes })],
      ['CPU', 'a connect', costs.connect, row.cell('server-cpu-per-connection', { nodes })],
      ['CPU', 'a renewal', costs.renewal, row.cell('server-cpu-per-renewal', { nodes })],
      ['CPU', 'a sign-out', of(signOut.cpu), row.cell('server-cpu-per-sign-out', { nodes })],
      ['staleness', 'p50', staleness?.p50, row.cell('revocation-p50', { nodes })],
      ['staleness', 'p99', staleness?.p99, row.cell('revocation-p99', { nodes })],
    ];
    return predicted.flatMap(([kind, what, value, cell]) =>
      value === undefined || cell === undefined || cell.void !== undefined
        ? []
        : [{ row, kind, what, value, cell, error: errorOf(value, cell.median) }],
    );
  });
}

const errorOf = (value: number, measured: number): number | undefined =>
  measured === 0 ? undefined : (100 * (value - measured)) / measured;

/** How far off a kind of figure was, in %, whichever way; undefined where none was held out. */
export function errorsOf(predicted: readonly Predicted[], kind: Kind) {
  const errors = predicted.flatMap((one) =>
    one.kind === kind && one.error !== undefined ? [Math.abs(one.error)] : [],
  );
  return errors.length === 0 ? undefined : { median: median(errors), worst: Math.max(...errors), count: errors.length };
}
