import { chart, fitted, px } from '../bench/report/charts/chart.ts';
import { mark } from '../bench/report/charts/marks.ts';
import { striped } from '../bench/report/charts/timeline-lane.ts';
import { type Markup, markup, trusted } from '../bench/report/markup.ts';
import type { PlayEntry } from './lanes/entries.ts';
import { BAR, laneHeight, type Shape, shapesOf } from './model/drawing.ts';
import { type LaneState } from './model/lane-state.ts';
import { verdictOf } from './model/verdict.ts';

/** The lanes as they were at the end, from when the scenario began. Times are in ms. */
export interface Recording {
  readonly title: string;
  readonly entries: readonly PlayEntry[];
  readonly states: readonly LaneState[];
  readonly from: number;
  readonly to: number;
}

const WIDTH = 880;
const MARGIN = 16;
const BARS = { x: 190, width: 400 };
const WORDS = { x: BARS.x + BARS.width + 14, width: WIDTH - BARS.x - BARS.width - 26 };
const LINE = 13;
const LEGEND_Y = 50;

/** Styles that the report's timelines do not have. */
const style = `<style>.chart .refused { fill: #8a6d00; } .chart .unproven { fill: #9fb3c8; }
.chart .gap { stroke: var(--soft); stroke-width: 0.7; stroke-dasharray: 2 2; } .chart .lost { stroke: var(--ink); stroke-width: 2; fill: none; } .chart text.well { fill: #116329; }
@media (prefers-color-scheme: dark) { .chart .refused { fill: #c9a227; } .chart .unproven { fill: #5b6b7c; } .chart text.well { fill: #7ee2a0; } }</style>`;

/** Draws a recording as an SVG document, with the same in words. */
export function recordingSvg({ title, entries, states, from, to }: Recording): string {
  const view = { from, to, width: BARS.width };
  let y = LEGEND_Y + 36;
  const said: string[] = [];
  const lanes = entries.map((entry, index) => {
    const state = states[index]!;
    const { tone, text, notes } = verdictOf(state, to);
    const name = [entry.id, entry.variant].filter(Boolean).join(' ');
    said.push(`${name}: ${[text, ...notes].join('; ')}.`);
    const lines = [text, ...wrapped(notes.join('; '))];
    const top = y;
    y += Math.max(laneHeight(state), lines.length * LINE) + 14;
    return markup`<g class="life" data-key="${entry.key}"><text x="${MARGIN}" y="${top + 9}">${entry.id}</text><text class="soft small" x="${MARGIN}" y="${top + 22}">${entry.variant ?? 'peer'}</text>
<g transform="translate(${BARS.x} ${top})">${shapesOf(state, view, to).map(shapeMarkup)}</g>
${lines.map((line, row) => markup`<text class="${row > 0 ? 'small soft' : toneClass(tone)}" x="${WORDS.x}" y="${top + 9 + row * LINE}">${fitted(line, WORDS.width)}</text>`)}</g>`;
  });
  const seconds = `${Math.round((to - from) / 1000)} seconds, recorded from real servers.`;
  return chart({
    width: WIDTH,
    height: y,
    title,
    description: [seconds, ...said].join('\n'),
    body: [trusted(style), legend(), ...lanes],
  });
}

const toneClass = (tone: string): string => (tone === 'bad' ? 'alarm' : tone === 'good' ? 'well' : '');

function shapeMarkup(shape: Shape): Markup {
  switch (shape.is) {
    case 'name':
      return markup`<text class="small soft" x="${shape.x}" y="${shape.y}">${shape.text}</text>`;
    case 'moment':
      return markup`<path class="moment" d="M${px(shape.x)} -4v${shape.height + 8}"/>`;
    case 'renewed':
      return markup`<g class="renewed">${mark(shape.x, shape.y, { shape: 3, size: 42 })}</g>`;
    case 'lost':
      return markup`<path class="lost" d="M${px(shape.x - 3)} ${px(shape.y - 3)}l6 6m0 -6l-6 6"/>`;
    default:
      return barMarkup(shape);
  }
}

const classes = {
  entitled: 'is-open',
  refused: 'refused',
  unproven: 'unproven',
  gap: 'gap',
  closed: 'is-closed',
} as const;

const barMarkup = ({ kind, x, y, width }: Extract<Shape, { is: 'bar' }>): Markup =>
  kind === 'stale'
    ? striped(x, y, width, BAR)
    : markup`<rect class="${classes[kind]}" x="${px(x)}" y="${y}" width="${px(width)}" height="${BAR}"/>`;

const items = [
  ['entitled', 'open and entitled'],
  ['stale', 'served though it should not be'],
  ['refused', 'messages refused'],
  ['gap', 'reconnecting'],
  ['closed', 'closed'],
  ['renewed', 'renewed'],
  ['moment', 'something ends, or fails'],
] as const;

function legend(): Markup {
  let x = MARGIN;
  const drawn = items.map(([kind, text]) => {
    const at = x;
    x += 36 + text.length * 5.8;
    const y = LEGEND_Y - 9;
    const swatch =
      kind === 'renewed'
        ? shapeMarkup({ is: 'renewed', x: at + 9, y: y + BAR / 2 })
        : kind === 'moment'
          ? markup`<path class="moment" d="M${at + 9} ${y - 2}v13"/>`
          : barMarkup({ is: 'bar', kind, x: at, y, width: 18 });
    return markup`${swatch}<text class="small" x="${at + 23}" y="${LEGEND_Y}">${text}</text>`;
  });
  const bars = 'Upper bar: messages that the client sends. Lower bar: notifications that it receives.';
  return markup`${drawn}<text class="soft small" x="${MARGIN}" y="${LEGEND_Y + 17}">${bars}</text>`;
}

/** Lines of notes that fit beside the bars. */
function wrapped(text: string): string[] {
  const letters = Math.floor(WORDS.width / 6);
  return text.split('; ').reduce<string[]>((lines, note) => {
    const longer = [lines.at(-1), note].filter(Boolean).join('; ');
    return longer.length <= letters && lines.length > 0 ? [...lines.slice(0, -1), longer] : [...lines, note];
  }, []);
}
