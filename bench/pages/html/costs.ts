import { nameOf } from '../../model/entry.ts';
import { noiseOf } from '../../model/noise.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import type { MetricName } from '../../model/metrics.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { frontierChart } from '../../report/charts/frontier-chart.ts';
import { ratioScale } from '../../report/charts/ratio-scale.ts';
import { cellsOf, entriesOf, type EntryLabel } from '../../report/entry-labels.ts';
import { amount } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { addedOf } from '../../report/ratio-of.ts';
import { loadsOf } from '../../report/rows.ts';
import { ofNodes } from '../../suites/registry.ts';
import { chartRegion } from './chart-region.ts';
import { BAR, costCell } from './cost-cell.ts';
import { filterData, rowHead, rowId } from './entry-name.ts';
import { term } from './terms.ts';

interface Column {
  readonly title: string;
  readonly of: (entry: EntryLabel) => Cell | undefined;
  readonly cell: (entry: EntryLabel) => Markup;
}

/** Everyone whose costs stand in the table: strategies, peers, and what tells how much the run can see. */
const costEntries = (run: Run): EntryLabel[] => {
  const shown = new Set(['strategy', 'peer', 'twin', 'control']);
  return entriesOf(
    run,
    run.cells.filter(({ role, suite }) => shown.has(role) && suite !== 'verify-time'),
  );
};

/** The cost of a message and of a connection, in words and as bars. Hover and focus show the interval in words. */
export function costs(whole: Run): Markup {
  // On several nodes the same metrics are other figures, one for each number of them.
  const run = { ...whole, cells: whole.cells.filter(({ suite }) => !ofNodes.has(suite)) };
  const entries = costEntries(run);
  const columns = columnsOf(run).filter(({ of }) => entries.some((entry) => of(entry) !== undefined));
  const rows = entries.filter((entry) => columns.some(({ of }) => of(entry) !== undefined));
  if (rows.length === 0) return markup`<p>This run measured no costs.</p>`;
  const frontier = frontierChart(run, { params: loadsOf(run)[0] ?? {} });
  return markup`<p class="note">Server CPU against the ${term('no-auth baseline')}: "same" means ${term('no difference found')}. A bar is the ${term('95% interval')}, and the grey band is the ${term('noise floor')}. Point at a figure, or move to it with Tab, for the interval in words.</p>
<div class="scroll" role="region" aria-label="Costs, table" tabindex="0"><table id="costs-table" class="sortable" aria-label="Costs">
<thead><tr><th scope="col">Strategy</th>${columns.map(({ title }) => markup`<th scope="col" class="figure">${title}</th>`)}</tr></thead>
<tbody>${rows.map((entry) => markup`<tr id="${rowId('cost', entry)}" ${filterData(entry)}>${rowHead('cost', entry)}${columns.map(({ cell }) => cell(entry))}</tr>\n`)}</tbody></table></div>
${frontier !== null && chartRegion('What a message costs, and how long a revoked credential still serves', withoutStyle(frontier))}`;
}

function columnsOf(run: Run): Column[] {
  const plain = (title: string, metric: MetricName, text: (cell: Cell | undefined) => string = amount): Column => {
    const cells = cellsOf(run, metric);
    const of = ({ key }: EntryLabel) => cells.get(key);
    return {
      title,
      of,
      cell: (entry) => {
        const cell = of(entry);
        if (cell === undefined) return markup`<td class="figure soft">not measured</td>`;
        return markup`<td class="figure"${cell.void === undefined && markup` data-value="${cell.median}"`}>${text(cell)}</td>`;
      },
    };
  };
  return [
    ...loadsOf(run).map((params) => compared(run, 'parse-cost', 'server-cpu-per-message', 'CPU per message', params)),
    plain('CPU of a guard decision', 'guard-time'),
    plain('Added by the guard', 'guard-time', (cell) => addedOf(run, cell)),
    compared(run, 'churn', 'server-cpu-per-connection', 'CPU per connection', {}),
    plain('Memory per connection', 'rss-per-connection'),
    plain('Heap per connection', 'heap-per-connection'),
  ];
}

/** A metric as its suite measured it, each row with the others' axis. */
function compared(run: Run, suite: string, metric: MetricName, name: string, params: Cell['params']): Column {
  const cells = cellsOf(run, metric, params, suite);
  const [first] = cells.values();
  const ratios = [...cells.values()].flatMap((cell) => (cell.ratio && cell.void === undefined ? [cell.ratio] : []));
  const scale = ratioScale(ratios, first && noiseOf(run, first), [6, BAR - 6]);
  const load = params['load'] === undefined ? '' : `, ${params['load']}`;
  const of = ({ key }: EntryLabel) => cells.get(key);
  return {
    title: `${name}${load}`,
    of,
    cell: (entry) => costCell(run, of(entry), scale, { name: `${nameOf(entry)}, ${name}${load}`, hue: entry.hue }),
  };
}
