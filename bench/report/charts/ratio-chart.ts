import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Role, Run } from '../../model/run-file.ts';
import { cellsOf, entriesOf, type EntryLabel, keyOf, paramsText } from '../entry-labels.ts';
import { type Markup, markup } from '../markup.ts';
import { noiseOf, verdictOf } from '../../model/noise.ts';
import { ratioOf } from '../ratio-of.ts';
import { ticksOf, xAxis } from './axis.ts';
import { chart, fitted, fittedLabel, HEAD, px, textWidth } from './chart.ts';
import { intervalBar } from './interval-bar.ts';
import { hueClass, mark } from './marks.ts';
import { ratioScale } from './ratio-scale.ts';

const WIDTH = 880;
const ROW = 22;
const FIGURES = 230;

const groups: Record<Role, string> = {
  strategy: 'Strategies',
  peer: 'What people write today',
  'platform-layer': 'Platform layers',
  baseline: '',
  twin: 'The no-auth baseline once more: the noise floor',
  control: 'The no-auth baseline and a known cost: what this run can see',
};

/** Which cells a chart is of. */
export interface RatioChartOptions {
  readonly suite: string;
  /** @default 'server-cpu-per-message' */
  readonly metric?: MetricName;
  /** @default {} */
  readonly params?: Cell['params'];
}

/**
 * Every row's ratio against the no-auth baseline, a dot and its 95% interval on a logarithmic axis.
 *
 * @returns null where no row has a ratio
 */
export function ratioChart(
  run: Run,
  { suite, metric = 'server-cpu-per-message', params = {} }: RatioChartOptions,
): string | null {
  const found = [...cellsOf(run, metric, params, suite).values()].filter(
    (cell) => cell.role !== 'baseline' && (cell.ratio !== null || cell.void !== undefined),
  );
  const entries = entriesOf(run, found);
  const ratios = found.flatMap((cell) => (cell.ratio && cell.void === undefined ? [cell.ratio] : []));
  if (ratios.length === 0) return null;

  const floor = noiseOf(run, found[0]!);
  const told = (cell: Cell): string => (cell.void === undefined ? ratioOf(run, cell) : `void: ${cell.void}`);
  const left = 32 + Math.min(340, Math.max(...entries.map(({ label }) => textWidth(label))));
  const scale = ratioScale(ratios, floor, [left, WIDTH - FIGURES - 32]);
  const cells = new Map(found.map((cell) => [keyOf(cell), cell]));
  const lines: Markup[] = [];
  let y = HEAD + 24;
  for (const [index, entry] of entries.entries()) {
    if (entry.role !== entries[index - 1]?.role) {
      lines.push(markup`<text class="group" x="16" y="${y + 4}">${groups[entry.role]}</text>`);
      y += ROW;
    }
    const cell = cells.get(entry.key)!;
    lines.push(row(entry, cell, { scale, told: told(cell), open: verdictOf(run, cell) !== 'significant', y, left }));
    y += ROW;
  }
  const bottom = y - 4;
  const of = paramsText(found[0]!.params);
  return chart({
    width: WIDTH,
    height: bottom + 70,
    title: `${metric}, as a ratio to the no-auth baseline`,
    subtitle: fitted(`95% intervals, logarithmic axis${of && `; ${of}`}`, WIDTH - 32),
    description: entries
      .map((entry) => `${entry.label}: ${told(cells.get(entry.key)!)}.`)
      .concat(floor ? [`Noise floor: ${floor.low.toFixed(3)} to ${floor.high.toFixed(3)}.`] : [])
      .join(' '),
    body: [
      ...(floor ? [band(scale(floor.low), scale(floor.high), bottom)] : []),
      xAxis({ scale, ticks: ticksOf(scale.ticks(8)), label: '', from: HEAD + 6, to: bottom }),
      markup`<path class="reference" d="M${px(scale(1))} ${HEAD + 6}V${px(bottom)}"/>`,
      ...lines,
      legend(bottom + 46, floor !== undefined),
    ],
  });
}

interface Place {
  readonly scale: ReturnType<typeof ratioScale>;
  /** Its ratio in words. */
  readonly told: string;
  readonly open: boolean;
  readonly y: number;
  readonly left: number;
}

function row(entry: EntryLabel, cell: Cell, { scale, told, open, y, left }: Place): Markup {
  const { hue, role } = entry;
  const name = markup`<text class="end" x="${px(left - 12)}" y="${y + 4}">${fittedLabel(entry, left - 28)}</text>`;
  const figures = WIDTH - FIGURES - 16;
  if (cell.void !== undefined || cell.ratio === null) {
    const why = fitted(told, WIDTH - left - 24);
    return markup`<g class="row" data-role="${role}">${name}<text class="soft halo" x="${px(left + 8)}" y="${y + 4}">${why}</text></g>`;
  }
  return markup`<g class="row" data-role="${role}">${name}<g class="${hueClass(hue)}">${intervalBar(
    cell.ratio,
    scale,
    y,
    open,
  )}</g><text class="number" x="${figures}" y="${y + 4}">${told}</text></g>`;
}

const band = (from: number, to: number, bottom: number): Markup =>
  markup`<rect class="band" x="${px(from)}" y="${HEAD + 6}" width="${px(to - from)}" height="${px(bottom - HEAD - 6)}"/>`;

const legend = (y: number, withFloor: boolean): Markup =>
  markup`<g class="hue">${mark(24, y, {})}${mark(220, y, { open: true })}${withFloor && markup`<rect class="band" x="460" y="${y - 7}" width="24" height="14"/>`}</g><g><text class="soft" x="36" y="${y + 4}">significant difference</text><text class="soft" x="232" y="${y + 4}">no difference found</text>${withFloor && markup`<text class="soft" x="492" y="${y + 4}">noise floor, from the A/A twin</text>`}</g>`;
