import type { Run } from '../../model/run-file.ts';
import { entriesOf, keyOf, paramsText } from '../../report/entry-labels.ts';
import { figure } from '../../report/format.ts';
import type { Markup } from '../../report/markup.ts';
import { addedDatum, amountDatum, pDatum, ratioDatum } from './data.ts';
import { filterData } from './filters.ts';
import { sortableTable } from './table.ts';

const head = [
  { title: 'Strategy' },
  { title: 'Variant' },
  { title: 'Role' },
  { title: 'Suite' },
  { title: 'Metric' },
  { title: 'Measured at' },
  { title: 'Median', figure: true },
  { title: '95% interval', figure: true },
  { title: 'Ratio', figure: true },
  { title: 'Added', figure: true },
  { title: 'p, corrected', figure: true },
  { title: 'Blocks', figure: true },
  { title: 'Void blocks' },
];

/** Every cell of the run, one a line. */
export function figuresTable(run: Run): Markup {
  const entries = new Map(entriesOf(run, run.cells).map((entry) => [entry.key, entry]));
  const rows = run.cells.map((cell) => {
    const { ciLow, ciHigh, blocks } = cell;
    const counted = blocks.filter((value) => value !== null).length;
    return {
      data: filterData(cell),
      cells: [
        { content: entries.get(keyOf(cell))?.title ?? cell.strategy },
        { content: cell.variant ?? '' },
        { content: cell.role },
        { content: cell.suite },
        { content: cell.metric },
        { content: paramsText(cell.params) },
        amountDatum(cell),
        {
          content: ciLow === null || ciHigh === null ? '' : `[${figure(ciLow)}, ${figure(ciHigh)}]`,
          value: ciLow,
          className: 'figure' as const,
        },
        ratioDatum(run, cell),
        addedDatum(run, cell),
        pDatum(run, cell),
        { content: `${counted} of ${blocks.length}`, value: counted, className: 'figure' as const },
        { content: cell.voided?.join('; ') ?? '' },
      ],
    };
  });
  return sortableTable('Figures', `Every figure of the run: ${rows.length}.`, head, rows);
}
