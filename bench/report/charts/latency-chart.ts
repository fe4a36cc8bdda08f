import { hasParams } from '../../model/cells.ts';
import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Cell, Run } from '../../model/run-file.ts';
import { entriesOf, type EntryLabel, keyOf, paramsText } from '../entry-labels.ts';
import { figure } from '../format.ts';
import { SATURATED } from '../rows.ts';
import { type Markup, markup } from '../markup.ts';
import { ticksOf, xAxis, yAxis } from './axis.ts';
import { chart, fitted, HEAD, px } from './chart.ts';
import { hueClass } from './marks.ts';

const WIDTH = 880;
const COLUMNS = 3;
const PANEL = { width: (WIDTH - 16) / COLUMNS, height: 262 };
const PLOT = { left: 46, right: 14, top: 72, bottom: 42 };

type Points = readonly (readonly [percentile: number, value: number])[];

interface Curve {
  readonly entry: EntryLabel;
  readonly cell: Cell;
  /** Without what a logarithmic axis cannot show: the 100th percentile, which is told in words. */
  readonly points: Points;
}

/** Which cells a chart is of. */
export interface LatencyChartOptions {
  /** What the metric's name begins with. @default 'latency' */
  readonly metric?: 'latency' | 'handshake';
  /** @default an open loop where there is one, whose latency is not its own queue */
  readonly params?: Cell['params'];
}

/**
 * How long what was timed took, by percentile: a panel for each strategy, with the no-auth baseline in every one.
 *
 * @returns null where no cell has a distribution
 */
export function latencyChart(run: Run, { metric = 'latency', params }: LatencyChartOptions = {}): string | null {
  const drawable = run.cells.filter(
    (cell) => cell.metric.startsWith(metric) && cell.void === undefined && cell.distribution !== undefined,
  );
  const wanted = params ?? preferred(drawable);
  const cells = drawable.filter((cell) => hasParams(cell, wanted));
  const byKey = new Map(cells.toReversed().map((cell) => [keyOf(cell), cell]));
  const curves = entriesOf(run, [...byKey.values()]).flatMap((entry): Curve[] => {
    const cell = byKey.get(entry.key)!;
    const points = (cell.distribution ?? []).filter(([percentile, value]) => percentile < 100 && value > 0);
    return points.length < 2 ? [] : [{ entry, cell, points }];
  });
  if (curves.length === 0) return null;

  const baseline = curves.find(({ entry }) => entry.role === 'baseline');
  const others = curves.filter((curve) => curve !== baseline);
  const strategies = [...new Set(others.map(({ entry }) => entry.strategy))];
  const panels = strategies.map((strategy) => others.filter(({ entry }) => entry.strategy === strategy));
  if (panels.length === 0) panels.push([]);
  const scales = scalesOf(curves);
  const [{ cell }] = curves as [Curve];
  const of = paramsText(cell.params);
  return chart({
    width: WIDTH,
    height: HEAD + Math.ceil(panels.length / COLUMNS) * PANEL.height + 8,
    title: `${metric === 'latency' ? 'Latency' : 'Handshakes'} by percentile`,
    subtitle: fitted(`${cell.unit}, both axes logarithmic${of && `; ${of}`}`, WIDTH - 32),
    description: curves.map(({ entry, cell: own, points }) => `${entry.label}: ${told(own, points)}.`).join(' '),
    body: panels.map((panel, index) => {
      const x = 8 + (index % COLUMNS) * PANEL.width;
      const y = HEAD + Math.floor(index / COLUMNS) * PANEL.height;
      return markup`<g transform="translate(${px(x)} ${px(y)})">${panelOf(panel, baseline, scales)}</g>`;
    }),
  });
}

/** The load that latency is told at: a closed loop that saturates the server waits for itself. */
function preferred(cells: readonly Cell[]): Cell['params'] {
  const loads = cells.flatMap(({ params: { load } }) => load ?? []);
  const load = loads.find((one) => one !== SATURATED.load) ?? loads[0];
  return load === undefined ? {} : { load };
}

interface Scales {
  readonly x: (percentile: number) => number;
  readonly percentiles: readonly number[];
  readonly y: { (value: number): number; ticks(count: number): number[] };
}

/** The same axes for every panel: 90, 99 and 99.9% as far apart from each other. */
function scalesOf(curves: readonly Curve[]): Scales {
  const points = curves.flatMap((curve) => curve.points);
  const values = points.map(([, value]) => value);
  const last = Math.max(...points.map(([percentile]) => percentile));
  const rest = scaleLog()
    .domain([1, 1 / (1 - last / 100)])
    .range([PLOT.left, PANEL.width - PLOT.right]);
  return {
    x: (percentile) => rest(1 / (1 - percentile / 100)),
    percentiles: [50, 90, 99, 99.9, 99.99, 99.999].filter((percentile) => percentile <= last),
    y: scaleLog()
      .domain([Math.min(...values) / 1.1, Math.max(...values) * 1.1])
      .range([PANEL.height - PLOT.bottom, PLOT.top]),
  };
}

function panelOf(panel: readonly Curve[], baseline: Curve | undefined, { x, percentiles, y }: Scales): Markup {
  const path = line<readonly [number, number]>(
    ([percentile]) => x(percentile),
    ([, value]) => y(value),
  ).digits(1);
  const drawn = [
    ...(baseline ? [{ curve: baseline, dash: 'dotted', name: 'no-auth baseline' }] : []),
    ...panel.map((curve) => ({
      curve,
      dash: curve.entry.variant === 'as-published' ? 'dashed' : '',
      name: panel.length > 1 ? (curve.entry.variant ?? '') : fitted(curve.entry.title, 110),
    })),
  ];
  const title = panel[0]?.entry.title ?? baseline?.entry.title ?? '';
  return markup`<text class="group" x="8" y="14">${fitted(title, PANEL.width - 16)}</text>
${xAxis({ scale: x, ticks: percentiles.map((value) => ({ value, label: `${value}%` })), label: '', from: PLOT.top, to: PANEL.height - PLOT.bottom })}
${yAxis({ scale: y, ticks: ticksOf(y.ticks(6)), label: '', from: PLOT.left, to: PANEL.width - PLOT.right })}
${drawn.map(({ curve, dash, name }, index) => {
  const at = 28 + index * 15;
  return markup`<g class="curve ${hueClass(curve.entry.hue)}"><path class="stroke ${dash}" d="${path(curve.points)}"/><path class="stroke ${dash}" d="M8 ${at - 4}h28"/></g><text class="soft" x="42" y="${at}">${name}${maximum(curve.cell)}</text>`;
})}`;
}

const maximum = ({ distribution = [], unit }: Cell): string => {
  const most = distribution.find(([percentile]) => percentile === 100);
  return most === undefined ? '' : `, at most ${figure(most[1])} ${unit}`;
};

const told = (cell: Cell, points: Points): string =>
  points
    .filter(([percentile]) => [50, 90, 99, 99.9].includes(percentile))
    .map(([percentile, value]) => `${percentile}% ${figure(value)} ${cell.unit}`)
    .join(', ') + maximum(cell);
