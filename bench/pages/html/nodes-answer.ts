import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { amount } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { nodeCounts, type Row, rowsOf } from '../../report/rows.ts';
import { filterData, rowHead, rowId } from './entry-name.ts';

interface Column {
  readonly title: string;
  readonly metric: MetricName;
  readonly params: Cell['params'];
}

/** The result of a run of several nodes, in three sentences and a table. */
export function nodesAnswer(run: Run): Markup {
  const rows = rowsOf(run).filter(({ role }) => role === 'strategy' || role === 'peer');
  const most = nodeCounts(run).at(-1);
  if (most === undefined || rows.length === 0)
    return markup`<p class="answer">This run measured no strategy on several nodes.</p>`;
  const columns: Column[] = [
    ...nodeCounts(run).map((nodes): Column => ({
      title: `Sign-out to end of connection, p99, ${nodes} node${nodes === 1 ? '' : 's'}`,
      metric: 'revocation-p99',
      params: { nodes },
    })),
    { title: 'Connections that survived a sign-out', metric: 'surviving-sockets', params: { nodes: most } },
    { title: 'Store commands per connect', metric: 'store-commands', params: { op: 'connect', nodes: most } },
    { title: 'Store commands per renewal', metric: 'store-commands', params: { op: 'renewal', nodes: most } },
    { title: 'Signed out falsely in a storm', metric: 'false-logouts', params: { after: 'expiry' } },
  ];
  const known = columns.filter(({ metric, params }) => rows.some((row) => row.cell(metric, params) !== undefined));
  return markup`<p class="answer">${sentences(rows, most)}</p>
<p class="note">The worst of each count of nodes. A storm is when the credentials of all clients end in one moment.</p>
<div class="scroll" role="region" aria-label="Consequences, table" tabindex="0"><table id="consequences" class="sortable" aria-label="Consequences">
<thead><tr><th scope="col">Strategy</th>${known.map(({ title }) => markup`<th scope="col" class="figure">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr id="${rowId('row', row)}" ${filterData(row)}>${rowHead('row', row)}${known.map(({ metric, params }) => cellOf(row.cell(metric, params)))}</tr>\n`)}</tbody></table></div>`;
}

function sentences(rows: readonly Row[], nodes: number): string {
  const values = (metric: MetricName, params: Cell['params']) =>
    rows.flatMap((row) => row.cell(metric, params) ?? []).filter((cell) => cell.void === undefined);
  const ends = values('revocation-p99', { nodes }).map(({ median }) => median);
  const survived = values('surviving-sockets', { nodes }).reduce((sum, { median }) => sum + median, 0);
  const falsely = values('false-logouts', {}).reduce((sum, { median }) => sum + median, 0);
  return [
    `On ${nodes} nodes, a sign-out on one node ended the connections on the others within ${Math.round(Math.max(...ends))} ms at the 99th percentile.`,
    survived === 0 ? 'No connection survived its sign-out.' : `${survived} connections survived their sign-out.`,
    falsely === 0
      ? 'No storm of ending credentials signed anyone out falsely.'
      : `Storms signed ${falsely} clients out falsely.`,
  ].join(' ');
}

const cellOf = (cell: Cell | undefined): Markup =>
  cell === undefined
    ? markup`<td class="figure soft">not measured</td>`
    : markup`<td class="figure"${cell.void === undefined && markup` data-value="${cell.median}"`}>${amount(cell)}</td>`;
