import { layers } from '../../harness/app/platform-layers/index.ts';
import { hasParams } from '../model/cells.ts';
import { variantNames } from '../../strategies/strategy.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Cell, Role, Run } from '../model/run-file.ts';

/** A row of a table: one entry. */
export interface Row {
  readonly strategy: string;
  readonly variant: Cell['variant'];
  readonly role: Cell['role'];
  readonly label: string;
  /** The variant of a strategy; what it is, for all else. */
  readonly kind: string;
  /** The cell of a metric; `params` narrows it where a metric has several. */
  cell(metric: MetricName, params?: Cell['params']): Cell | undefined;
  /** Whether any row of the run has the metric. */
  measuredByRun(metric: MetricName): boolean;
}

/** The load that the verdict is on. */
export const SATURATED = { load: 'saturated' };

/** In the order of the tables. */
const order: readonly Role[] = ['platform-layer', 'baseline', 'twin', 'control', 'strategy', 'peer'];

/** The platform layers, from the lowest to the highest. All other rows have no place in it. */
const layerOrder = layers.map(({ id }) => id);

/** Every entry of a run, or of one suite: the platform layers, the baseline and its company, strategy by strategy, the peers. */
export function rowsOf({ cells, entries }: Pick<Run, 'cells' | 'entries'>, suite?: string): Row[] {
  const found = new Map<string, Row>();
  const metrics = new Set(cells.map(({ metric }) => metric));
  for (const cell of cells) {
    const { strategy, variant, role } = cell;
    // A library that is timed by itself is nobody's row.
    if (cell.suite === 'verify-time' || (suite !== undefined && cell.suite !== suite)) continue;
    const key = `${role} ${strategy} ${variant}`;
    if (found.has(key)) continue;
    const own = cells.filter(
      (other) =>
        other.strategy === strategy &&
        other.variant === variant &&
        other.role === role &&
        (suite === undefined || other.suite === suite),
    );
    found.set(key, {
      strategy,
      variant,
      role,
      label: entries[strategy]?.title ?? strategy,
      kind: variant ?? role,
      cell: (metric, params = {}) => own.find((one) => one.metric === metric && hasParams(one, params)),
      measuredByRun: (metric) => metrics.has(metric),
    });
  }
  return [...found.values()].toSorted(
    (a, b) =>
      order.indexOf(a.role) - order.indexOf(b.role) ||
      layerOrder.indexOf(a.strategy) - layerOrder.indexOf(b.strategy) ||
      a.strategy.localeCompare(b.strategy, 'en', { numeric: true }) ||
      variantNames.indexOf(a.variant ?? 'hardened') - variantNames.indexOf(b.variant ?? 'hardened'),
  );
}

export const strategyRowsOf = (run: Run): Row[] => rowsOf(run).filter(({ role }) => role === 'strategy');

/** Every value of a parameter that a metric was measured at, in the order of the run. */
export function valuesOf(run: Run, metric: MetricName, param: string, suite?: string): Cell['params'][string][] {
  const cells = run.cells.filter(
    (cell) => cell.metric === metric && param in cell.params && (suite === undefined || cell.suite === suite),
  );
  return [...new Set(cells.map((cell) => cell.params[param]!))];
}

/** The counts of nodes that a run was measured on, from few to many. */
export const nodeCounts = (run: Run): number[] =>
  valuesOf(run, 'revocation-p99', 'nodes', 'scale')
    .map(Number)
    .toSorted((a, b) => a - b);

/** At which loads a message's cost was taken. */
export function loadsOf(run: Run): Cell['params'][] {
  const cells = run.cells.filter(({ suite, metric }) => suite !== 'scaling' && metric === 'server-cpu-per-message');
  const loads = new Set(cells.map(({ params }) => params['load']));
  return [...loads].map((load) => (load === undefined ? {} : { load }));
}
