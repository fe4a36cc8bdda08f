import { correctedP, verdictOf } from '../../model/noise.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { paramsText } from '../../report/entry-labels.ts';
import { amount, figure } from '../../report/format.ts';
import { type Markup, markup, trusted } from '../../report/markup.ts';
import { addedOf, ratioOf } from '../../report/ratio-of.ts';

const head: readonly (readonly [title: string, className?: 'figure'])[] = [
  ['Strategy'],
  ['Suite'],
  ['Metric'],
  ['Measured at'],
  ['Median', 'figure'],
  ['95% interval', 'figure'],
  ['Ratio to baseline', 'figure'],
  ['Added to baseline', 'figure'],
  ['p, corrected', 'figure'],
  ['Blocks', 'figure'],
  ['Why blocks are void'],
];

/** A row of the table of raw figures, as `figures.client.js` reads it. */
interface FigureRow {
  readonly strategy: string;
  readonly variant: string;
  readonly role: string;
  /** The texts of its cells, in the order of the head. */
  readonly cells: readonly string[];
  /** The figures that it is sorted by; null for a column of text. */
  readonly values: readonly (number | null)[];
}

/** Every figure of the run: searched and sorted by the script, and drawn as one scrolls. */
export function figures(run: Run, path: string): Markup {
  const rows = run.cells.map((cell) => rowOf(run, cell));
  // A data block is not run, and holds no end of itself.
  const json = trusted(JSON.stringify(rows).replaceAll('<', String.raw`\u003c`));
  return markup`<p class="note">All ${rows.length} figures of the run, from <code>${path}</code>. A void block does not count.</p>
<noscript><p>This table needs a script. The figures are in <code>${path}</code>.</p></noscript>
<form class="search" role="search" aria-label="Raw figures" hidden><label>Search <input type="search" placeholder="session latency" autocomplete="off"></label> <span class="found" role="status"></span></form>
<div class="scroll tall" role="region" aria-label="Raw figures, table" tabindex="0"><table id="raw" aria-label="Raw figures">
<thead><tr>${head.map(([title, className]) => markup`<th scope="col"${className && markup` class="${className}"`}>${title}</th>`)}</tr></thead>
${[true, false, true].map((isSpace) => (isSpace ? markup`<tbody class="space" aria-hidden="true"><tr><td colspan="${head.length}"></td></tr></tbody>` : markup`<tbody></tbody>`))}
</table></div>
<script type="application/json" id="figures-data">${json}</script>`;
}

function rowOf(run: Run, cell: Cell): FigureRow {
  const { ciLow, ciHigh, blocks, suite, metric, params, strategy, variant, role } = cell;
  const counted = blocks.filter((value) => value !== null).length;
  const isCompared = cell.void === undefined && verdictOf(run, cell) !== 'withheld';
  const p = isCompared && cell.ratio ? correctedP(run, cell) : null;
  const measuredAt = paramsText(params);
  return {
    strategy,
    variant: variant ?? '',
    role,
    cells: [
      `${strategy} ${variant ?? role}`,
      suite,
      metric,
      measuredAt,
      amount(cell),
      ciLow === null || ciHigh === null ? '' : `${figure(ciLow)} to ${figure(ciHigh)}`,
      ratioOf(run, cell),
      addedOf(run, cell),
      p === null ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3),
      `${counted} of ${blocks.length}`,
      cell.voided?.join('; ') ?? '',
    ],
    values: [
      null,
      null,
      null,
      null,
      cell.void === undefined ? cell.median : null,
      ciLow,
      isCompared ? (cell.ratio?.estimate ?? null) : null,
      isCompared ? (cell.added?.estimate ?? null) : null,
      p,
      counted,
      null,
    ],
  };
}
