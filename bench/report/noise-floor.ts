import type { MetricName } from '../metrics.ts';
import { type Noise, noiseOf } from '../noise.ts';
import type { Cell, Run } from '../run-file.ts';
import { cellsOf } from './entries.ts';

/** The noise of a metric, for a picture of many rows: undefined where no twin was measured by these parameters. */
export function noiseFloor(run: Run, metric: MetricName, params: Cell['params'] = {}): Noise | undefined {
  const [cell] = [...cellsOf(run, metric, params).values()];
  return cell && noiseOf(run, cell);
}
