import { type Markup, markup } from '../markup.ts';
import { px } from './chart.ts';
import { arrow, mark } from './marks.ts';

interface Bar {
  readonly estimate: number;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

/** A dot and its interval, cut off with an arrow where it leaves the domain of the scale. */
export function intervalBar(
  { estimate, ciLow, ciHigh }: Bar,
  scale: { (value: number): number; domain(): number[] },
  y: number,
  open: boolean,
): Markup {
  const [low = estimate, high = estimate] = scale.domain();
  const within = (value: number) => scale(Math.min(high, Math.max(low, value)));
  const from = within(ciLow ?? estimate);
  const to = within(ciHigh ?? estimate);
  return markup`<path class="stroke" d="M${px(from)} ${px(y)}H${px(to)}"/>${
    ciLow !== null && (ciLow < low ? arrow(from, y, 'left') : end(from, y))
  }${ciHigh !== null && (ciHigh > high ? arrow(to, y, 'right') : end(to, y))}${mark(within(estimate), y, { open, size: 48 })}`;
}

const end = (x: number, y: number): Markup => markup`<path class="stroke" d="M${px(x)} ${px(y - 4)}v8"/>`;
