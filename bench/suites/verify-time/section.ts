import type { Cell, Run } from '../../model/run-file.ts';
import { amount } from '../../report/format.ts';
import { explainedTable } from '../../report/legend.ts';
import { valuesOf } from '../../report/rows.ts';

/** Two tables: the time of one verification by library and algorithm, and its time right after other work. */
export const verifySection = (run: Run): string =>
  [
    tableOf(run, 'verify-time', 'algorithm', (name) => [name, 'the CPU time of one verification by this algorithm.']),
    ...afterWork(run),
  ].join('\n\n');

/** The second table and its introduction; nothing in a run without such figures. */
function afterWork(run: Run): string[] {
  const head = (us: string) => [`${us} us`, 'the median time of one verification after that much other work.'] as const;
  const table = tableOf(run, 'verify-time-after-work', 'work', head);
  return table === ''
    ? []
    : [
        'One HS256 verification right after other work of the same process, by the clock: the median of 160 in each block. The work uses next to no memory. Where the time grows all the same, the core was interrupted, or has lost what its caches held:',
        table,
      ];
}

/** A line for each library, and a column for each value of a parameter; empty where the run has no such figures. */
function tableOf(
  run: Run,
  metric: Cell['metric'],
  param: string,
  head: (value: string) => readonly [name: string, meaning: string],
): string {
  const columns = valuesOf(run, metric, param);
  const cells = run.cells.filter((cell) => cell.metric === metric);
  if (cells.length === 0) return '';
  const labelOf = ({ strategy, params }: Cell) => `${strategy}${params['cached'] ? ', cached' : ''}`;
  const labels = [...new Set(cells.map(labelOf))].toSorted();
  return explainedTable(
    [
      ['Library', '`cached` means that the library remembers a token which it has verified.'],
      ...columns.map((value) => head(String(value))),
    ],
    labels.map((label) => [
      label,
      ...columns.map((value) => amount(cells.find((cell) => labelOf(cell) === label && cell.params[param] === value))),
    ]),
    1,
  );
}
