import type { MetricName } from '../metrics.ts';
import { noiseOf } from '../noise.ts';
import type { Cell, Run } from '../run-file.ts';
import { ratio } from './format.ts';
import type { Row } from './rows.ts';

/** A row's ratio against the open door, with `~` below the run's own noise. */
export function ratioOf(run: Run, row: Row, metric: MetricName, params?: Cell['params']): string {
  const cell = row.cell(metric, params);
  return cell === undefined ? '' : ratio(cell.ratio, noiseOf(run, cell));
}
