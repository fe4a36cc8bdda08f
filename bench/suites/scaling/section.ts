import type { Run } from '../../model/run-file.ts';
import { lawOf } from './scaling-law.ts';
import { figure, table } from '../../report/format.ts';
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
  const head = ['Strategy', 'Variant', ...points.map(([x]) => String(x)), form, `at ${heldOut.x}, predicted`, 'off by'];
  return table(
    head,
    laws.map(({ row, law }) => [
      row.label,
      row.kind,
      ...law.points.map(([, y]) => `${figure(y)} us`),
      `${figure(law.line.intercept)}, ${figure(law.line.slope)}`,
      `${figure(law.heldOut.predicted)} us`,
      `${figure((100 * (law.heldOut.predicted - law.heldOut.measured)) / law.heldOut.measured)}%`,
    ]),
  );
}
