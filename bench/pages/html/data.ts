import type { Cell, Run } from '../../model/run-file.ts';
import { amount } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { correctedP, noiseOf, verdictOf } from '../../model/noise.ts';
import { addedOf, ratioOf } from '../../report/ratio-of.ts';
import { px } from '../../report/charts/chart.ts';
import { intervalBar } from '../../report/charts/interval-bar.ts';
import { hueClass } from '../../report/charts/marks.ts';
import type { ratioScale } from '../../report/charts/ratio-scale.ts';
import type { Datum } from './table.ts';

/** How wide the bars in a table are, in px. */
export const BAR = 180;
const HEIGHT = 22;

/** A cell's median. A void one says why, and has no figure to sort by. */
export const amountDatum = (cell: Cell | undefined): Datum =>
  cell?.void === undefined
    ? { content: amount(cell), value: cell?.median, className: 'figure' }
    : { content: amount(cell), className: 'void' };

/** A cell's ratio to the no-auth baseline. */
export const ratioDatum = (run: Run, cell: Cell | undefined): Datum => ({
  content: ratioOf(run, cell),
  value: isShown(run, cell) ? cell.ratio?.estimate : undefined,
  className: 'figure',
});

/** The ratio as a dot and its interval, on an axis that the whole column shares. */
export function barDatum(run: Run, cell: Cell | undefined, scale: ReturnType<typeof ratioScale>, hue: number): Datum {
  if (!isShown(run, cell) || !cell.ratio) return { content: '' };
  const floor = noiseOf(run, cell);
  const band =
    floor &&
    markup`<rect class="band" x="${px(scale(floor.low))}" y="0" width="${px(scale(floor.high) - scale(floor.low))}" height="${HEIGHT}"/>`;
  const open = verdictOf(run, cell) !== 'significant';
  const svg: Markup = markup`<svg class="chart" role="img" width="${BAR}" height="${HEIGHT}" viewBox="0 0 ${BAR} ${HEIGHT}"><title>${ratioOf(run, cell)}</title>${band}<path class="reference" d="M${px(scale(1))} 0v${HEIGHT}"/><g class="${hueClass(hue)}">${intervalBar(cell.ratio, scale, HEIGHT / 2, open)}</g></svg>`;
  return { content: svg, value: cell.ratio.estimate };
}

/** What a cell adds to the no-auth baseline. */
export const addedDatum = (run: Run, cell: Cell | undefined): Datum => ({
  content: addedOf(run, cell),
  value: isShown(run, cell) ? cell.added?.estimate : undefined,
  className: 'figure',
});

/** How likely such a ratio is where there is no difference, corrected for all that are compared with it. */
export function pDatum(run: Run, cell: Cell | undefined): Datum {
  const p = isShown(run, cell) ? correctedP(run, cell) : null;
  if (!cell?.ratio || p === null) return { content: '', className: 'figure' };
  const { n } = cell.ratio;
  return { content: `${p < 0.001 ? '< 0.001' : p.toFixed(3)} (n=${n})`, value: p, className: 'figure' };
}

/** Whether a cell's comparison is for a reader: neither void nor withheld. */
const isShown = (run: Run, cell: Cell | undefined): cell is Cell =>
  cell !== undefined && cell.void === undefined && verdictOf(run, cell) !== 'withheld';
