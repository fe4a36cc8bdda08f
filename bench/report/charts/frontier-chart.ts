import { scaleLog } from 'd3-scale';
import { nameOf } from '../../model/entry.ts';
import { verdictOf } from '../../model/noise.ts';
import type { Cell, Interval, Run } from '../../model/run-file.ts';
import { cellsOf, entriesOf, type EntryLabel } from '../entry-labels.ts';
import { figure } from '../format.ts';
import { TOLERATED } from '../leaks.ts';
import { type Markup, markup } from '../markup.ts';
import { addedOf } from '../ratio-of.ts';
import { ticksOf, xAxis } from './axis.ts';
import { chart, HEAD, px, textWidth } from './chart.ts';
import { arrow, hueClass, mark } from './marks.ts';

const WIDTH = 960;
/** The column of those whose cost the run cannot tell from nothing, and the axis of the others. */
const SAME = { left: 130, width: 250 };
const AXIS = { left: 410, right: WIDTH - 40 };
const ROW = 20;
/** A label stands above its interval. */
const DEAR_ROW = 36;
const PAD = 24;

interface Point {
  readonly entry: EntryLabel;
  readonly name: string;
  /** The added CPU of a message, in us. */
  readonly added: Interval;
  readonly isSignificant: boolean;
  /** What it adds, in words. */
  readonly cost: string;
  readonly stale: number;
  readonly censored: boolean;
}

/**
 * Draws what a message costs against how long a revoked credential still serves, in two bands: it ends, or it goes on. The
 * axis is logarithmic. Entries whose cost the run cannot tell from the baseline stand in one column and in no order, since it
 * cannot tell them from each other either. `params` chooses the load that the cost was taken at.
 *
 * @returns null where no row has both figures
 */
export function frontierChart(run: Run, { params = {} }: { readonly params?: Cell['params'] } = {}): string | null {
  const points = pointsOf(run, params);
  if (points.length === 0) return null;
  const dear = points.filter(({ isSignificant, added }) => isSignificant && added.estimate > 0);
  const bounds = dear.flatMap(({ added }) => [added.estimate, added.ciHigh ?? added.estimate]);
  const least = Math.min(1, ...dear.map(({ added: { ciLow, estimate } }) => Math.max(0.1, ciLow ?? estimate)));
  const scale = scaleLog()
    .domain([least, Math.max(10, ...bounds) * 1.1])
    .range([AXIS.left, AXIS.right])
    .clamp(true);

  const goesOn = (point: Point) => point.censored || point.stale > TOLERATED;
  const bands = [
    { title: ['Goes on after', 'sign-out'], alarm: true, own: points.filter(goesOn) },
    { title: ['Ends with', 'the sign-out'], alarm: false, own: points.filter((point) => !goesOn(point)) },
  ].filter(({ own }) => own.length > 0);
  const top = HEAD + 34;
  const drawn: Markup[] = [];
  let y = top;
  for (const { title, alarm, own } of bands) {
    const same = own.filter((point) => !dear.includes(point));
    const dearer = own.filter((point) => dear.includes(point)).toSorted((a, b) => a.added.estimate - b.added.estimate);
    const height = Math.max(same.length * ROW, dearer.length * DEAR_ROW, 2 * ROW) + PAD;
    drawn.push(
      markup`<g${alarm && markup` class="alarm"`}><path class="stroke" d="M16 ${y}v${height - 8}"/></g>${title.map((line, index) => markup`<text class="group" x="26" y="${y + 16 + index * 16}">${line}</text>`)}`,
      markup`<path class="grid" d="M16 ${y + height}H${WIDTH - 16}"/>`,
      ...same.map((point, index) => sameRow(point, y + PAD / 2 + 4 + index * ROW)),
      ...dearer.map((point, index) => dearRow(point, scale, y + PAD / 2 + 20 + index * DEAR_ROW)),
    );
    y += height + 8;
  }
  const bottom = y - 8;
  return chart({
    width: WIDTH,
    height: bottom + 52,
    title: 'What a message costs, and whether a revoked credential still serves',
    subtitle:
      'Filled: a significant difference, with its 95% interval. Open: no difference found, so the order means nothing.',
    description: points.map((point) => `${point.name}: ${told(point)}.`).join(' '),
    body: [
      markup`<rect class="band" x="${SAME.left}" y="${top - 4}" width="${SAME.width}" height="${bottom - top + 4}" rx="4"/>`,
      markup`<text class="soft middle" x="${SAME.left + SAME.width / 2}" y="${bottom + 16}">no difference found</text>`,
      xAxis({
        scale,
        ticks: ticksOf(scale.ticks(6)),
        label: 'added server CPU per message, us, logarithmic',
        from: top - 4,
        to: bottom,
      }),
      ...drawn,
    ],
  });
}

function pointsOf(run: Run, params: Cell['params']): Point[] {
  const costs = cellsOf(run, 'server-cpu-per-message', params, 'parse-cost');
  const acts = cellsOf(run, 'accepted-after-revocation');
  const receives = cellsOf(run, 'delivered-after-revocation');
  return entriesOf(run, [...costs.values()]).flatMap((entry): Point[] => {
    const cell = costs.get(entry.key);
    const held = [acts.get(entry.key), receives.get(entry.key)].filter(
      (one): one is Cell => one !== undefined && one.void === undefined,
    );
    if (!cell?.added || cell.void !== undefined || held.length === 0) return [];
    const stale = Math.max(...held.map(({ median }) => median));
    return [
      {
        entry,
        name: nameOf(entry),
        added: cell.added,
        isSignificant: verdictOf(run, cell) === 'significant',
        cost: addedOf(run, cell),
        stale,
        censored: held.some((one) => one.censored === true && one.median === stale),
      },
    ];
  });
}

const shapeOf = ({ entry }: Point): number => (entry.variant === 'as-published' ? 1 : 0);

function sameRow(point: Point, y: number): Markup {
  const x = SAME.left + 16;
  return markup`<g class="point ${hueClass(point.entry.hue)}">${mark(x, y, { shape: shapeOf(point), open: true })}</g><text x="${x + 14}" y="${y + 4}">${point.name}</text>`;
}

/** A point on the axis with its interval; its label above them begins at the interval, or ends there for want of room. */
function dearRow(point: Point, scale: { (value: number): number; domain(): number[] }, y: number): Markup {
  const { estimate, ciLow, ciHigh } = point.added;
  const [low = 0] = scale.domain();
  const at = scale(estimate);
  const [from, to] = [scale(Math.max(low, ciLow ?? estimate)), scale(ciHigh ?? estimate)];
  const label = `${point.name}, +${figure(estimate)} us`;
  const isRight = from + textWidth(label) < WIDTH - 16;
  return markup`<g class="point ${hueClass(point.entry.hue)}"><path class="stroke thin" d="M${px(from)} ${px(y)}H${px(to)}"/>${ciLow !== null && ciLow < low && arrow(from, y, 'left')}${mark(at, y, { shape: shapeOf(point) })}</g><text class="halo${isRight ? '' : ' end'}" x="${px(isRight ? from : to)}" y="${y - 8}">${label}</text>`;
}

const told = ({ cost, stale, censored }: Point): string => `${cost}, ${censored ? '> ' : ''}${stale.toFixed(0)} ms`;
