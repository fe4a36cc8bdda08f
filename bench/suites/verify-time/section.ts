import type { Run } from '../../model/run-file.ts';
import { amount } from '../../report/format.ts';
import { explainedTable } from '../../report/legend.ts';
import { valuesOf } from '../../report/rows.ts';

/** What a verification takes, a line for each library and a column for each algorithm. */
export function verifySection(run: Run): string {
  const algorithms = valuesOf(run, 'verify-time', 'algorithm');
  const cells = run.cells.filter(({ metric }) => metric === 'verify-time');
  const labelOf = ({ strategy, params }: (typeof cells)[number]) => `${strategy}${params['cached'] ? ', cached' : ''}`;
  const labels = [...new Set(cells.map(labelOf))].toSorted();
  return explainedTable(
    [
      ['Library', '`cached` means that the library remembers a token which it has verified.'],
      ...algorithms.map((name) => [String(name), 'the CPU time of one verification by this algorithm.'] as const),
    ],
    labels.map((label) => [
      label,
      ...algorithms.map((algorithm) =>
        amount(cells.find((cell) => labelOf(cell) === label && cell.params['algorithm'] === algorithm)),
      ),
    ]),
    1,
  );
}
