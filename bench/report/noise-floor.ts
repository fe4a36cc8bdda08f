import type { MetricName } from '../metrics.ts';
import type { Cell, Ratio, Run } from '../run-file.ts';
import { cellsOf } from './entries.ts';

/** Ratios between these cannot be told from 1 by this run. */
export interface Floor {
  readonly low: number;
  readonly high: number;
}

/**
 * How far from 1 the interval of the open door's twin reaches, the same to either side.
 *
 * @returns null where no twin was run, or one block gives no interval
 */
export function noiseFloor(run: Run, metric: MetricName, params: Cell['params'] = {}): Floor | null {
  const twins = [...cellsOf(run, metric, params).values()].filter(
    (cell) => cell.role === 'twin' && cell.void === undefined,
  );
  const bounds = twins.flatMap(({ ratio }) => [ratio?.ciLow, ratio?.ciHigh]);
  const reach = Math.max(...bounds.flatMap((bound) => (bound ? [Math.exp(Math.abs(Math.log(bound)))] : [])));
  return Number.isFinite(reach) ? { low: 1 / reach, high: reach } : null;
}

/** Whether the twins of a metric differ, which ought not to be: what else differs is then no evidence. */
export const twinsSeparate = (run: Run, metric: MetricName): boolean =>
  run.cells.some((cell) => cell.metric === metric && cell.role === 'twin' && excludesOne(cell.ratio));

/** Whether a ratio is told from 1: its interval leaves 1 out, and it lies beyond the noise floor. */
export const isApart = (ratio: Ratio, floor: Floor | null): boolean =>
  excludesOne(ratio) && !(floor !== null && ratio.estimate >= floor.low && ratio.estimate <= floor.high);

const excludesOne = (ratio: Ratio | null): boolean =>
  ratio !== null && ratio.ciLow !== null && ratio.ciHigh !== null && (ratio.ciLow > 1 || ratio.ciHigh < 1);
