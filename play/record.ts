import { chart, fitted, px, textWidth } from '../bench/report/charts/chart.ts';
import { mark } from '../bench/report/charts/marks.ts';
import { striped } from '../bench/report/charts/timeline-lane.ts';
import { type Markup, markup, trusted } from '../bench/report/markup.ts';
import type { PlayEntry } from './lanes/entries.ts';
import { BAR, laneHeight, type Shape, shapesOf } from './model/drawing.ts';
import { type LaneState } from './model/lane-state.ts';
import { verdictOf } from './model/verdict.ts';
import { actions } from './stage/actions.ts';
import type { Scenario } from './stage/scenario.ts';

/** The lanes as they were at the end, from when the scenario began. Times are in ms. */
export interface Recording {
  readonly scenario: Scenario;
  readonly entries: readonly PlayEntry[];
  readonly states: readonly LaneState[];
  readonly from: number;
  readonly to: number;
}

/** Raised with each change of how a recording is drawn, so that a picture of before is found. */
const FORMAT = 2;

const WIDTH = 880;
const MARGIN = 16;
const BARS = { x: 190, width: 400 };
const WORDS = { x: BARS.x + BARS.width + 14, width: WIDTH - BARS.x - BARS.width - 26 };
const LINE = 13;
/** From one time on the axis to the next, in s. */
const TICK = 2;
const LEGEND_Y = 50;
/** From the legend's first line to its last one, and from there to the first lane. */
const LEGEND_LINES = 18;
const AXIS = 50;

/** Styles that the report's timelines do not have. */
const style = `<style>.chart .refused { fill: #8a6d00; } .chart .unproven { fill: #9fb3c8; }
.chart .press { stroke: var(--line); stroke-width: 1; fill: none; } .chart .gap { stroke: var(--soft); stroke-width: 0.7; stroke-dasharray: 2 2; } .chart .lost { stroke: var(--ink); stroke-width: 2; fill: none; } .chart text.well { fill: #116329; }
@media (prefers-color-scheme: dark) { .chart .refused { fill: #c9a227; } .chart .unproven { fill: #5b6b7c; } .chart text.well { fill: #7ee2a0; } }</style>`;

/** Draws a recording as an SVG document, with the same in words. */
export function recordingSvg({ scenario, entries, states, from, to }: Recording): string {
  const view = { from, to, width: BARS.width };
  const { title } = scenario;
  const key = legend();
  const top = key.bottom + AXIS;
  let y = top;
  const said: string[] = [];
  const lanes = entries.map((entry, index) => {
    const state = states[index]!;
    const { tone, text, notes } = verdictOf(state, to);
    const name = [entry.id, entry.variant].filter(Boolean).join(' ');
    said.push(`${name}: ${[text, ...notes].join('; ')}.`);
    const lines = [text, ...wrapped(notes.join('; '))];
    const lane = y;
    y += Math.max(laneHeight(state), lines.length * LINE) + 14;
    return markup`<g class="life" data-key="${entry.key}"><text x="${MARGIN}" y="${lane + 9}">${entry.id}</text><text class="soft small" x="${MARGIN}" y="${lane + 22}">${entry.variant ?? 'peer'}</text>
<g transform="translate(${BARS.x} ${lane})">${shapesOf(state, view, to).map(shapeMarkup)}</g>
${lines.map((line, row) => markup`<text class="${row > 0 ? 'small soft' : toneClass(tone)}" x="${WORDS.x}" y="${lane + 9 + row * LINE}">${fitted(line, WORDS.width)}</text>`)}</g>`;
  });
  const seconds = `${Math.round((to - from) / 1000)} seconds, recorded from real servers.`;
  return chart({
    width: WIDTH,
    height: y,
    title,
    description: [seconds, ...said].join('\n'),
    body: [
      originMarkup(originOf(scenario, entries)),
      trusted(style),
      key.drawn,
      axis({ scenario, from, to }, top, y),
      ...lanes,
    ],
  });
}

/** The format and the scenario of a picture. Each recording differs, so only these show whether a picture is up to date. */
export interface Origin {
  readonly format: number;
  readonly scenario: Scenario;
  /** The keys of its lanes. */
  readonly lanes: readonly string[];
}

export const originOf = (scenario: Scenario, entries: readonly PlayEntry[]): Origin => ({
  format: FORMAT,
  scenario,
  lanes: entries.map(({ key }) => key),
});

const originMarkup = (origin: Origin): Markup => markup`<metadata>${JSON.stringify(origin)}</metadata>`;

/** When which button was pressed, above the lanes. */
function axis({ scenario, from, to }: Pick<Recording, 'scenario' | 'from' | 'to'>, top: number, bottom: number): Markup {
  const at = (seconds: number): number => px(BARS.x + (seconds * 1000 * BARS.width) / (to - from));
  const presses = scenario.steps
    .filter((step) => step.do !== 'reset')
    .map(({ at: seconds, do: id }) => {
      const label = actions.find((action) => action.id === id)?.label ?? id;
      return markup`<text class="small" text-anchor="middle" x="${at(seconds)}" y="${top - 26}">${label}</text><path class="press" d="M${at(seconds)} ${top - 22}V${bottom - 8}"/>`;
    });
  const seconds = Math.floor((to - from) / 1000);
  const ticks = Array.from({ length: Math.floor(seconds / TICK) + 1 }, (_, index) => index * TICK)
    .map((second) => markup`<text class="soft small" text-anchor="middle" x="${at(second)}" y="${top - 10}">${second} s</text>`);
  return markup`${presses}${ticks}`;
} // prettier-ignore

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
  ['unproven', 'ended, not cut yet'],
  ['gap', 'reconnecting'],
  ['closed', 'closed'],
  ['renewed', 'renewed'],
  ['lost', 'notifications lost'],
  ['moment', 'the credential or the access ends'],
] as const;

function legend(): { readonly drawn: Markup; readonly bottom: number } {
  let [x, bottom] = [MARGIN, LEGEND_Y];
  const drawn = items.map(([kind, text]) => {
    const width = 40 + textWidth(text, 11);
    if (x + width > WIDTH - MARGIN) [x, bottom] = [MARGIN, bottom + LEGEND_LINES];
    const at = x;
    x += width;
    const y = bottom - 9;
    const swatch =
      kind === 'renewed' || kind === 'lost'
        ? shapeMarkup({ is: kind, x: at + 9, y: y + BAR / 2 })
        : kind === 'moment'
          ? markup`<path class="moment" d="M${at + 9} ${y - 2}v13"/>`
          : barMarkup({ is: 'bar', kind, x: at, y, width: 18 });
    return markup`${swatch}<text class="small" x="${at + 23}" y="${bottom}">${text}</text>`;
  });
  bottom += LEGEND_LINES;
  const bars = 'Upper bar: messages that the client sends. Lower bar: notifications that it receives.';
  return { drawn: markup`${drawn}<text class="soft small" x="${MARGIN}" y="${bottom}">${bars}</text>`, bottom };
}

/** Lines of notes that fit beside the bars. */
function wrapped(text: string): string[] {
  const letters = Math.floor(WORDS.width / textWidth('x'));
  return text.split('; ').reduce<string[]>((lines, note) => {
    const longer = [lines.at(-1), note].filter(Boolean).join('; ');
    return longer.length <= letters && lines.length > 0 ? [...lines.slice(0, -1), longer] : [...lines, note];
  }, []);
}
