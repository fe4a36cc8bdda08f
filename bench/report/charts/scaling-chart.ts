import { scaleLinear } from 'd3-scale';
import { figure } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import { ticksOf, xAxis, yAxis } from './axis.ts';
import { chart, fitted, HEAD, px } from './chart.ts';
import { mark } from './marks.ts';

const WIDTH = 880;
const PLOT = { left: 72, right: 540, top: HEAD + 34, bottom: 380 };
const KEY = { x: 572, row: 54 };
const HUES = 8;

type Point = readonly [x: number, y: number];

interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** Measured, and kept from the fit: what the line must foretell. */
  readonly heldOut?: Point;
  readonly fit?: { readonly slope: number; readonly intercept: number };
}

/** One metric over one parameter. */
export interface ScalingChartInput {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

/**
 * Points of a metric over a parameter, each series with its line and the point that was held out of it.
 *
 * @returns null where there are no points
 */
export function scalingChart({ title, xLabel, yLabel, series }: ScalingChartInput): string | null {
  const points = series.flatMap((one) => [...one.points, ...(one.heldOut ? [one.heldOut] : [])]);
  if (points.length === 0) return null;
  const values = points.map(([, y]) => y);
  const x = scaleLinear()
    .domain([Math.min(0, ...points.map(([at]) => at)), Math.max(...points.map(([at]) => at))])
    .nice()
    .range([PLOT.left, PLOT.right]);
  const y = scaleLinear()
    .domain([Math.min(0, ...values), Math.max(...values) * 1.05 || 1])
    .nice()
    .range([PLOT.bottom, PLOT.top]);
  return chart({
    width: WIDTH,
    height: Math.max(PLOT.bottom + 52, HEAD + 40 + series.length * KEY.row),
    title,
    subtitle: series.some(({ heldOut }) => heldOut)
      ? 'Open marks in a ring were held out of the fit: the line has to foretell them'
      : undefined,
    description: series.map((one) => `${one.label}: ${told(one).join('; ')}.`).join(' '),
    body: [
      xAxis({ scale: x, ticks: ticksOf(x.ticks(8)), label: xLabel, from: PLOT.top, to: PLOT.bottom }),
      yAxis({ scale: y, ticks: ticksOf(y.ticks(7)), label: yLabel, from: PLOT.left, to: PLOT.right }),
      ...series.map((one, index) => drawn(one, index, x, y)),
      ...series.map(keyLines),
    ],
  });
}

type Scale = { (value: number): number; domain(): number[] };

function drawn({ points, heldOut, fit }: Series, index: number, x: Scale, y: Scale): Markup {
  return markup`<g class="series ${hue(index)}">${fit && lineOf(fit, index, x, y)}${points.map(([at, value]) => mark(x(at), y(value), { shape: shapeOf(index) }))}${
    heldOut &&
    markup`<g class="held-out">${mark(x(heldOut[0]), y(heldOut[1]), { shape: shapeOf(index), open: true })}<circle class="stroke" cx="${px(x(heldOut[0]))}" cy="${px(y(heldOut[1]))}" r="10"/></g>`
  }</g>`;
}

/** The line, within the plot. */
function lineOf({ slope, intercept }: NonNullable<Series['fit']>, index: number, x: Scale, y: Scale): Markup {
  const [low = 0, high = 0] = y.domain();
  const [first = 0, last = 0] = x.domain();
  const crossings = slope === 0 ? [first, last] : [(low - intercept) / slope, (high - intercept) / slope];
  const [enters, leaves] = crossings.toSorted((a, b) => a - b) as [number, number];
  const ends = [Math.max(first, enters), Math.min(last, leaves)].map((at) => ({ at, value: intercept + slope * at }));
  const [from, to] = ends.map(({ at, value }) => `${px(x(at))} ${px(y(value))}`);
  const dash = ['', 'dashed', 'dotted'][index % 3];
  return markup`<path class="stroke ${dash}" d="M${from}L${to}"/>`;
}

function keyLines(one: Series, index: number): Markup {
  const at = HEAD + 30 + index * KEY.row;
  const room = WIDTH - KEY.x - 36;
  return markup`<g class="key"><g class="${hue(index)}">${mark(KEY.x + 8, at, { shape: shapeOf(index) })}</g><text x="${KEY.x + 22}" y="${at + 4}">${fitted(one.label, room)}</text>${told(
    one,
  )
    .slice(1)
    .map(
      (line, row) =>
        markup`<text class="soft number" x="${KEY.x + 22}" y="${at + 19 + row * 15}">${fitted(line, room)}</text>`,
    )}</g>`;
}

function told({ points, heldOut, fit }: Series): string[] {
  const predicted = fit && heldOut && fit.intercept + fit.slope * heldOut[0];
  return [
    points.map(([at, value]) => `${figure(value)} at ${at}`).join(', '),
    ...(fit ? [`y = ${figure(fit.intercept)} ${fit.slope < 0 ? '-' : '+'} ${slope(Math.abs(fit.slope))} x`] : []),
    ...(heldOut
      ? [`held out ${figure(heldOut[1])}${predicted === undefined ? '' : `, predicted ${figure(predicted)}`}`]
      : []),
  ];
}

/** A slope may be small: three significant digits, however many zeros come first. */
const slope = (value: number): string => (value >= 0.1 ? figure(value) : String(Number(value.toPrecision(3))));

/** Series that share a colour have another mark. */
const shapeOf = (index: number): number => index + Math.floor(index / HUES);

const hue = (index: number): string => `hue hue-${index % HUES}`;
