import type { Run } from '../../model/run-file.ts';
import { lawOf } from './scaling-law.ts';
import { figure } from '../../report/format.ts';
import { entryColumns, explainedTable } from '../../report/legend.ts';
import { rowsOf, valuesOf } from '../../report/rows.ts';

/** One table an axis: what was measured, the law, and its error on the value that it was not fitted to. */
export function scalingSection(run: Run): string {
  const axes = valuesOf(run, 'server-cpu-per-message', 'axis', 'scaling').map(String).toSorted();
  return axes.map((axis) => `By ${axis}:\n\n${axisTable(run, axis)}`).join('\n\n');
}

function axisTable(run: Run, axis: string): string {
  const laws = rowsOf(run, 'scaling').flatMap((row) => {
    const law = lawOf(run, row, axis);
    return law === undefined ? [] : [{ row, law }];
  });
  const [first] = laws;
  if (first === undefined) return 'Too few values for a law.';
  const { points, form, heldOut } = first.law;
  const [least, most] = [points[0]?.[0], points.at(-1)?.[0]];
  return explainedTable(
    [
      ...entryColumns,
      ...points.map(([x]) => [String(x), `CPU per message where this axis is at ${x}.`] as const),
      [form, `the two numbers a and b, in us, that fit the points from ${least} to ${most} best.`],
      [`At ${heldOut.x}, predicted`, 'what the law gives for the point that it was not fitted to.'],
      ['Off by', 'how far that is from what was measured there.'],
    ],
    laws.map(({ row, law }) => [
      row.strategy,
      row.kind,
      ...law.points.map(([, y]) => `${figure(y)} us`),
      `${figure(law.line.intercept)}, ${figure(law.line.slope)}`,
      `${figure(law.heldOut.predicted)} us`,
      `${figure((100 * (law.heldOut.predicted - law.heldOut.measured)) / law.heldOut.measured)}%`,
    ]),
  );
}
