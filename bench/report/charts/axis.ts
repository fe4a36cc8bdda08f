import { type Markup, markup } from '../markup.ts';
import { px, textWidth } from './chart.ts';

type Scale = (value: number) => number;

interface Tick {
  readonly value: number;
  readonly label: string;
}

interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  readonly label: string;
  /** Where the plot begins and ends across the axis. */
  readonly from: number;
  readonly to: number;
}

/** Ticks with a plain figure each. */
export const ticksOf = (values: readonly number[]): Tick[] =>
  values.map((value) => ({ value, label: `${Number(value.toPrecision(3))}` }));

/** Lines and figures of an axis along the bottom; `from` is the top of the plot, `to` its bottom. */
export function xAxis({ scale, ticks, label, from, to }: Axis): Markup {
  const drawn = thinned(ticks, scale, ({ label: text }) => textWidth(text) + 12);
  const middle = ticks.length === 0 ? 0 : (scale(ticks[0]!.value) + scale(ticks.at(-1)!.value)) / 2;
  return markup`<g class="number">${drawn.map(
    ({ value, label: text }) =>
      markup`<path class="grid" d="M${px(scale(value))} ${px(from)}V${px(to)}"/><text class="soft middle" x="${px(scale(value))}" y="${px(to + 16)}">${text}</text>`,
  )}${label !== '' && markup`<text class="soft middle" x="${px(middle)}" y="${px(to + 34)}">${label}</text>`}</g>`;
}

/** Lines and figures of an axis along the left; `from` and `to` are the sides of the plot. */
export function yAxis({ scale, ticks, label, from, to }: Axis): Markup {
  const drawn = thinned(ticks, scale, () => 22);
  const top = Math.min(...ticks.map(({ value }) => scale(value)));
  return markup`<g class="number">${drawn.map(
    ({ value, label: text }) =>
      markup`<path class="grid" d="M${px(from)} ${px(scale(value))}H${px(to)}"/><text class="soft end" x="${px(from - 8)}" y="${px(scale(value) + 4)}">${text}</text>`,
  )}${label !== '' && markup`<text class="soft" x="16" y="${px(top - 14)}">${label}</text>`}</g>`;
}

/** As many ticks as have room, the roundest first. */
function thinned(ticks: readonly Tick[], scale: Scale, room: (tick: Tick) => number): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks.toSorted((a, b) => roundness(a) - roundness(b))) {
    const isFree = kept.every(
      (other) => Math.abs(scale(other.value) - scale(tick.value)) >= (room(other) + room(tick)) / 2,
    );
    if (isFree) kept.push(tick);
  }
  return kept.toSorted((a, b) => a.value - b.value);
}

function roundness({ value }: Tick): number {
  if (value === 0) return 0;
  const lead = Math.abs(value) / 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const order = [1, 2, 5].findIndex((round) => Math.abs(round - lead) < 1e-6);
  return order === -1 ? 3 : order;
}
