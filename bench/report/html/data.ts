import type { Cell } from '../../run-file.ts';
import { amount, ratio } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { differs, type Noise } from '../../noise.ts';
import { px } from '../charts/chart.ts';
import { intervalBar } from '../charts/interval-bar.ts';
import { hueClass } from '../charts/marks.ts';
import type { ratioScale } from '../charts/ratio-scale.ts';
import type { Datum } from './table.ts';

/** How wide the bars in a table are, in px. */
export const BAR = 180;
const HEIGHT = 22;

/** A cell's median. A void one says why, and has no figure to sort by. */
export const amountDatum = (cell: Cell | undefined): Datum =>
  cell?.void === undefined
    ? { content: amount(cell), value: cell?.median, className: 'figure' }
    : { content: amount(cell), className: 'void' };

/** A cell's ratio to the open door, `~` where this run cannot tell them apart. */
export const ratioDatum = (cell: Cell | undefined, floor: Noise | undefined): Datum => ({
  content: cell?.void === undefined ? ratio(cell?.ratio, floor) : '',
  value: cell?.void === undefined ? cell?.ratio?.estimate : undefined,
  className: 'figure',
});

/** The ratio as a dot and its interval, on an axis that the whole column shares. */
export function barDatum(
  cell: Cell | undefined,
  scale: ReturnType<typeof ratioScale>,
  floor: Noise | undefined,
  hue: number,
): Datum {
  if (!cell?.ratio || cell.void !== undefined) return { content: '' };
  const band =
    floor &&
    markup`<rect class="band" x="${px(scale(floor.low))}" y="0" width="${px(scale(floor.high) - scale(floor.low))}" height="${HEIGHT}"/>`;
  const svg: Markup = markup`<svg class="chart" role="img" width="${BAR}" height="${HEIGHT}" viewBox="0 0 ${BAR} ${HEIGHT}"><title>${ratio(cell.ratio, floor)}</title>${band}<path class="reference" d="M${px(scale(1))} 0v${HEIGHT}"/><g class="${hueClass(hue)}">${intervalBar(cell.ratio, scale, HEIGHT / 2, !differs(cell.ratio, floor))}</g></svg>`;
  return { content: svg, value: cell.ratio.estimate };
}

/** What a cell adds to the open door, where the two can be told apart. */
export const addedDatum = (cell: Cell | undefined, floor: Noise | undefined): Datum => ({
  content:
    !cell?.added || cell.void !== undefined
      ? ''
      : cell.ratio && !differs(cell.ratio, floor) && cell.ratio.ciLow !== null
        ? '~'
        : `${cell.added.estimate.toFixed(1)} ${cell.unit}`,
  value: cell?.void === undefined ? cell?.added?.estimate : undefined,
  className: 'figure',
});

/** How likely such a ratio is where there is no difference. */
export function pDatum(cell: Cell | undefined): Datum {
  const ratioOf = cell?.void === undefined ? cell?.ratio : undefined;
  if (!ratioOf || ratioOf.p === null) return { content: '', className: 'figure' };
  const p = ratioOf.p < 0.001 ? '< 0.001' : ratioOf.p.toFixed(3);
  return { content: `${p} (n=${ratioOf.n}, ${ratioOf.method})`, value: ratioOf.p, className: 'figure' };
}
