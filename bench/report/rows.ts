import { variantNames } from '../../strategies/strategy.ts';
import type { MetricName } from '../metrics.ts';
import type { Cell, Run } from '../run-file.ts';

/** A row of a table: one strategy in one variant. */
export interface Row {
  readonly strategy: string;
  readonly variant: Cell['variant'];
  readonly role: Cell['role'];
  readonly label: string;
  /** The cell of a metric; `params` narrows it where a metric has several. */
  cell(metric: MetricName, params?: Cell['params']): Cell | undefined;
}

/** Every arm of a run: the baseline first, then strategy by strategy, as published before hardened. */
export function rowsOf({ cells, entrants }: Run): Row[] {
  const arms = new Map<string, Row>();
  for (const { strategy, variant, role } of cells) {
    if (role === 'peer') continue;
    const own = cells.filter((cell) => cell.strategy === strategy && cell.variant === variant);
    arms.set(`${strategy} ${variant}`, {
      strategy,
      variant,
      role,
      label: entrants[strategy]?.title ?? strategy,
      cell: (metric, params = {}) =>
        own.find(
          (cell) =>
            cell.metric === metric && Object.entries(params).every(([name, value]) => cell.params[name] === value),
        ),
    });
  }
  const order = ({ role, strategy, variant }: Row) =>
    `${role === 'baseline' ? 0 : 1} ${strategy} ${variantNames.indexOf(variant ?? 'hardened')}`;
  return [...arms.values()].toSorted((a, b) => order(a).localeCompare(order(b)));
}

export const contestantsOf = (run: Run): Row[] => rowsOf(run).filter(({ role }) => role === 'contestant');

/** Every value of a parameter that a metric was measured at, in the order of the run. */
export function valuesOf(run: Run, metric: MetricName, param: string): Cell['params'][string][] {
  const cells = run.cells.filter((cell) => cell.metric === metric && param in cell.params);
  return [...new Set(cells.map((cell) => cell.params[param]!))];
}
