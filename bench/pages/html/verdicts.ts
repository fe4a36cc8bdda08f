import type { Run } from '../../model/run-file.ts';
import { cellsOf, entriesOf } from '../../report/entry-labels.ts';
import { markup, type Markup } from '../../report/markup.ts';
import { loadsOf, strategyRowsOf } from '../../report/rows.ts';
import { leakText, TOLERATED } from '../../report/leaks.ts';
import { addedDatum, ratioDatum } from './data.ts';
import { filterData } from './filters.ts';
import { sortableTable, type TableRow } from './table.ts';

/** What each strategy costs and what stays usable after its end, one line each. */
export function verdicts(run: Run): Markup {
  const rows = strategyRowsOf(run).flatMap((row): TableRow[] => {
    const [entry] = entriesOf(run, [row]);
    if (entry === undefined) return [];
    const costs = loadsOf(run).flatMap((params) => {
      const cell = cellsOf(run, 'server-cpu-per-message', params, 'parse-cost').get(entry.key);
      if (cell?.void !== undefined)
        return [{ content: `void: ${cell.void}`, className: 'void' as const }, { content: '' }];
      return [ratioDatum(run, cell), addedDatum(run, cell)];
    });
    return [
      {
        data: filterData(entry),
        cells: [
          { content: entry.title },
          { content: entry.variant ?? '' },
          { content: leakText(row), className: 'prose' },
          ...costs,
        ],
      },
    ];
  });
  if (rows.length === 0) return markup`<p>No strategy was measured.</p>`;
  const head = [
    { title: 'Strategy' },
    { title: 'Variant' },
    { title: 'Stays usable after its end' },
    ...loadsOf(run).flatMap(({ load }) => {
      const at = load === undefined ? '' : `, ${load}`;
      return [
        { title: `CPU per message${at}`, figure: true },
        { title: `Added${at}`, figure: true },
      ];
    }),
  ];
  return sortableTable(
    'Verdict',
    `What still worked more than ${TOLERATED} ms after it should have ended. Costs are ratios to the no-auth baseline.`,
    head,
    rows,
  );
}
