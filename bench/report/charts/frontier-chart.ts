import { scaleLog, scaleSymlog } from 'd3-scale';
import type { Cell, Interval, Run } from '../../model/run-file.ts';
import { cellsOf, entriesOf, type EntryLabel } from '../entry-labels.ts';
import { type Markup, markup } from '../markup.ts';
import { addedOf, brieflyOf } from '../ratio-of.ts';
import { symlogTicks, ticksOf, xAxis, yAxis } from './axis.ts';
import { chart, fittedLabel, HEAD, px } from './chart.ts';
import { arrow, hueClass, mark } from './marks.ts';
import { type Box, placed } from './placed.ts';

const WIDTH = 940;
const PLOT = { left: 72, right: 420, top: HEAD + 34, bottom: 400 };
const KEY = { x: 444, row: 20 };
/** Staleness below this is as good as none: no probe resolves it. */
const LEAST = 20;

interface Point {
  readonly entry: EntryLabel;
  readonly added: Interval;
  /** What it adds, in words. */
  readonly cost: string;
  /** The same, for the key. */
  readonly brief: string;
  readonly stale: number;
  readonly censored: boolean;
}

/**
 * What a message costs against how long a revoked credential still serves, a point for each strategy and variant.
 * `params` chooses the load that the cost was taken at.
 *
 * @returns null where no row has both figures
 */
export function frontierChart(run: Run, { params = {} }: { readonly params?: Cell['params'] } = {}): string | null {
  const costs = cellsOf(run, 'server-cpu-per-message', params, 'parse-cost');
  const acts = cellsOf(run, 'accepted-after-revocation');
  const listens = cellsOf(run, 'delivered-after-revocation');
  const points = entriesOf(run, [...costs.values()]).flatMap((entry): Point[] => {
    const added = costs.get(entry.key)?.void === undefined ? costs.get(entry.key)?.added : null;
    const held = [acts.get(entry.key), listens.get(entry.key)].filter((cell) => cell && cell.void === undefined);
    if (!added || held.length === 0) return [];
    const stale = Math.max(...held.map((cell) => cell!.median));
    return [
      {
        entry,
        added,
        cost: addedOf(run, costs.get(entry.key)),
        brief: brieflyOf(run, costs.get(entry.key)),
        stale,
        censored: held.some((cell) => cell!.censored && cell!.median === stale),
      },
    ];
  });
  if (points.length === 0) return null;

  const floor = Math.max(LEAST, ...[...acts.values()].map(({ params: { resolution } }) => Number(resolution ?? 0)));
  const scales = scalesOf(points, floor);
  const spots = points.map((point) => ({ x: scales.x(point.added.estimate), y: scales.y(point.stale), point }));
  const numbers = placed(
    spots.map(({ x, y }) => ({ x, y })),
    { left: PLOT.left, right: PLOT.right, top: PLOT.top - 12, bottom: PLOT.bottom + 8 },
    spots
      .filter(({ point }) => point.censored)
      .flatMap(({ x, y }) => [
        { x, y: y - 12 },
        { x, y: y - 20 },
      ]),
  );
  return chart({
    width: WIDTH,
    height: Math.max(PLOT.bottom + 52, HEAD + 24 + points.length * KEY.row),
    title: 'What a message costs against how long a revoked credential still serves',
    subtitle:
      'Down and to the left is better; whiskers are 95% intervals; an arrow: it still served when the watch ended',
    description: points.map((point) => `${point.entry.label}: ${told(point)}.`).join(' '),
    body: [
      xAxis({
        scale: scales.x,
        ticks: ticksOf(symlogTicks(...scales.domain)),
        label: 'added server CPU per message, us',
        from: PLOT.top - 8,
        to: PLOT.bottom,
      }),
      yAxis({
        scale: scales.y,
        ticks: [
          { value: floor, label: `≤ ${floor}` },
          ...ticksOf(scales.y.ticks(5)).filter(({ value }) => value > floor * 1.4),
        ],
        label: 'ms after revocation, at worst',
        from: PLOT.left,
        to: PLOT.right,
      }),
      markup`<path class="reference" d="M${px(scales.x(0))} ${PLOT.top - 8}V${PLOT.bottom}"/>`,
      ...spots.map(({ x, y, point }, index) => drawn(x, y, point, numbers[index]!, scales, index)),
      markup`<g>${points.map((point, index) => keyLine(point, index))}</g>`,
    ],
  });
}

type Scales = ReturnType<typeof scalesOf>;

function scalesOf(points: readonly Point[], floor: number) {
  const estimates = points.map(({ added }) => added.estimate);
  const reach = 2 * Math.max(2, ...estimates.map(Math.abs));
  const bounds = points.flatMap(({ added: { ciLow, ciHigh } }) => [ciLow ?? 0, ciHigh ?? 0]);
  const domain: [number, number] = [
    Math.max(-reach, Math.min(-1, ...estimates, ...bounds)),
    Math.min(reach, Math.max(1, ...estimates, ...bounds)),
  ];
  return {
    domain,
    x: scaleSymlog()
      .constant(2)
      .domain(domain)
      .range([PLOT.left + 14, PLOT.right - 14])
      .clamp(true),
    y: scaleLog()
      .domain([floor, Math.max(floor * 10, ...points.map(({ stale }) => stale * 1.5))])
      .range([PLOT.bottom - 16, PLOT.top])
      .clamp(true),
  };
}

function drawn(
  x: number,
  y: number,
  { entry, added, censored }: Point,
  at: Box,
  scales: Scales,
  index: number,
): Markup {
  const shape = entry.variant === 'as-published' ? 1 : 0;
  const [from, to] = [scales.x(added.ciLow ?? added.estimate), scales.x(added.ciHigh ?? added.estimate)];
  const leader = Math.hypot(at.x - x, at.y - y) > 18;
  return markup`<g class="point ${hueClass(entry.hue)}"><path class="stroke thin" d="M${px(from)} ${px(y)}H${px(to)}"/>${
    censored && [markup`<path class="stroke" d="M${px(x)} ${px(y)}v-18"/>`, arrow(x, y - 18, 'up')]
  }${leader && markup`<path class="stroke thin dotted" d="M${px(x)} ${px(y)}L${px(at.x)} ${px(at.y)}"/>`}${mark(x, y, { shape, open: censored })}</g><text class="number middle halo" x="${px(at.x)}" y="${px(at.y + 4)}">${index + 1}</text>`;
}

function keyLine(point: Point, index: number): Markup {
  const y = HEAD + 14 + index * KEY.row;
  const { entry, censored } = point;
  const shape = entry.variant === 'as-published' ? 1 : 0;
  const figures = keyText(point);
  const room = WIDTH - KEY.x - 40 - 24 - figures.length * 6.8;
  return markup`<g class="key"><text class="number end" x="${KEY.x + 14}" y="${y + 4}">${index + 1}</text><g class="${hueClass(entry.hue)}">${mark(KEY.x + 27, y, { shape, open: censored })}</g><text x="${KEY.x + 40}" y="${y + 4}">${fittedLabel(entry, room)}</text><text class="soft number end" x="${WIDTH - 16}" y="${y + 4}">${figures}</text></g>`;
}

const told = ({ cost, stale, censored }: Point): string => `${cost}, ${censored ? '> ' : ''}${stale.toFixed(0)} ms`;

const keyText = (point: Point): string => told({ ...point, cost: point.brief });
