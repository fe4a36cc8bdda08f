import { hasParams } from '../bench/model/cells.ts';
import type { MetricName } from '../bench/model/metrics.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import { nodeCounts } from '../bench/report/rows.ts';
import type { VariantName } from '../strategies/strategy.ts';

/** How the figures for a number of nodes come about. */
export type NodeBasis =
  | { readonly kind: 'not measured' }
  | { readonly kind: 'measured' }
  /** On a straight line between the two nearest counts that were measured. */
  | { readonly kind: 'interpolated'; readonly between: readonly [number, number] }
  /** The figures of the largest or smallest count that was measured. */
  | { readonly kind: 'beyond'; readonly nearest: number };

/** @param run of several nodes; undefined where there is none */
export function nodeBasis(run: Run | undefined, nodes: number): NodeBasis {
  const counts = run === undefined ? [] : nodeCounts(run);
  if (counts.length === 0) return { kind: 'not measured' };
  if (counts.includes(nodes)) return { kind: 'measured' };
  const below = counts.findLast((count) => count < nodes);
  const above = counts.find((count) => count > nodes);
  if (below !== undefined && above !== undefined) return { kind: 'interpolated', between: [below, above] };
  return { kind: 'beyond', nearest: (below ?? above)! };
}

/**
 * A metric of a strategy on so many nodes: measured, interpolated, or that of the nearest count.
 *
 * @returns in the metric's unit; undefined where it was not measured, or is void
 */
export function onNodes(
  run: Run | undefined,
  strategy: string,
  variant: VariantName,
  metric: MetricName,
  nodes: number,
  params: Cell['params'] = {},
): number | undefined {
  const points = (run?.cells ?? [])
    .filter(
      (cell) =>
        cell.suite === 'scale' &&
        cell.strategy === strategy &&
        cell.variant === variant &&
        cell.metric === metric &&
        cell.void === undefined &&
        hasParams(cell, params),
    )
    .map((cell) => ({ at: Number(cell.params['nodes']), value: cell.median }))
    .toSorted((a, b) => a.at - b.at);
  const below = points.findLast(({ at }) => at <= nodes);
  const above = points.find(({ at }) => at >= nodes);
  if (below === undefined || above === undefined) return (below ?? above)?.value;
  if (below.at === above.at) return below.value;
  return below.value + ((above.value - below.value) * (nodes - below.at)) / (above.at - below.at);
}
