import type { Run } from '../../run-file.ts';
import { cellsOf, entriesOf } from '../entries.ts';
import { markup, type Markup } from '../markup.ts';
import { contestantsOf } from '../rows.ts';
import { givesWay } from '../gives-way.ts';
import { loadsOf } from './comparison-table.ts';
import { addedDatum, ratioDatum } from './data.ts';
import { filterData } from './filters.ts';
import { sortableTable, type TableRow } from './table.ts';

/** What each strategy costs and where it gives way, one line each. */
export function verdicts(run: Run): Markup {
  const rows = contestantsOf(run).flatMap((row): TableRow[] => {
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
          { content: givesWay(row), className: 'prose' },
          ...costs,
        ],
      },
    ];
  });
  if (rows.length === 0) return markup`<p>No strategy was measured.</p>`;
  const head = [
    { title: 'Strategy' },
    { title: 'Variant' },
    { title: 'Gives way' },
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
    'Gives way: what still worked more than 200 ms after it should have ended. Costs are ratios to the open door.',
    head,
    rows,
  );
}
