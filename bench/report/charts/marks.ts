import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolTriangle2,
  symbolWye,
} from 'd3-shape';
import { type Markup, markup, trusted } from '../markup.ts';
import { px } from './chart.ts';

const shapes = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
  symbolTriangle2,
];

/** A point's mark; `shape` counts through eight of them. */
export function mark(x: number, y: number, { shape = 0, open = false, size = 70 } = {}): Markup {
  const path = symbol(shapes[shape % shapes.length], size).digits(1)() ?? '';
  return markup`<path class="${open ? 'open' : 'full'}" transform="translate(${px(x)} ${px(y)})" d="${path}"/>`;
}

/** The class of a strategy's colour. */
export const hueClass = (hue: number): string => (hue < 0 ? 'hue' : `hue hue-${hue}`);

/** A head that points out of the plot, where what it ends goes on. */
export const arrow = (x: number, y: number, to: 'left' | 'right' | 'up'): Markup =>
  trusted(
    `<path class="stroke" d="${
      to === 'up'
        ? `M${px(x - 4)} ${px(y + 5)}l4 -5l4 5`
        : `M${px(to === 'left' ? x + 5 : x - 5)} ${px(y - 4)}L${px(x)} ${px(y)}l${to === 'left' ? 5 : -5} 4`
    }"/>`,
  );
