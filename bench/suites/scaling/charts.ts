import type { Run } from '../../model/run-file.ts';
import { scalingChart } from '../../report/charts/scaling-chart.ts';
import { slug } from '../../report/format.ts';
import { rowsOf, valuesOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';
import { lawOf } from './scaling-law.ts';

/** The cost of a message along each axis. */
export const scalingCharts = (run: Run): Chart[] =>
  valuesOf(run, 'server-cpu-per-message', 'axis', 'scaling').map((axis) => ({
    file: `scaling-${slug(String(axis))}.svg`,
    alt: `CPU per message by ${String(axis)}`,
    svg: scalingOf(run, String(axis)),
  }));

function scalingOf(run: Run, axis: string): string | null {
  const series = rowsOf(run, 'scaling').flatMap((row) => {
    const law = lawOf(run, row, axis);
    if (law === undefined) return [];
    const { points, heldOut, line, of } = law;
    // A line in terms of the law's own measure: drawn over that, points and fit are straight.
    const along = ([x, y]: readonly [number, number]): [number, number] => [of(x), y];
    return [
      {
        label: row.variant === null ? row.label : `${row.label}, ${row.variant}`,
        points: points.filter(([x]) => x !== heldOut.x).map(along),
        heldOut: along([heldOut.x, heldOut.measured]),
        fit: line,
      },
    ];
  });
  const xLabel = axis === 'in-flight' ? '1 / messages in flight' : axis;
  return series.length === 0
    ? null
    : scalingChart({ title: `CPU per message by ${axis}`, xLabel, yLabel: 'us', series });
}
