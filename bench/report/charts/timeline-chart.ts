import { scaleLinear } from 'd3-scale';
import type { Timeline } from '../../model/run-file.ts';
import { markup } from '../markup.ts';
import { ticksOf, xAxis } from './axis.ts';
import { chart, fitted, HEAD, px, textWidth } from './chart.ts';
import { hueClass, mark } from './marks.ts';
import { type Episode, episodesOf, nameOf, timelineText } from './timeline-text.ts';

const WIDTH = 880;
const LANE = HEAD + 34;
const LABELS = { top: LANE + 30, row: 16, most: 4 };

/** How a timeline is drawn. */
export interface TimelineChartOptions {
  readonly title: string;
  /** The end of the axis, in ms, so that several lives can be compared. */
  readonly until: number;
  /** Of the palette. */
  readonly hue: number;
}

/** One connection's life: when it was open, what passed, was refused, renewed and cut, and when its credential ended. */
export function timelineChart(timeline: Timeline, { title, until, hue }: TimelineChartOptions): string {
  const x = scaleLinear()
    .domain([0, Math.max(until, 1)])
    .range([28, WIDTH - 40]);
  const episodes = episodesOf(timeline);
  const labels = labelled(episodes, x);
  const bottom = LABELS.top + LABELS.row * (1 + Math.max(0, ...labels.map(({ row }) => row)));
  const at = (kind: Episode['kind']) => timeline.events.filter((event) => event.kind === kind).map((event) => event.at);
  return chart({
    width: WIDTH,
    height: bottom + 50,
    title,
    subtitle: 'Bar: open. Ticks: messages answered. Crosses: refused. Diamonds: renewed. Dashed: the credential ends',
    description: timelineText(timeline),
    body: [
      xAxis({ scale: x, ticks: ticksOf(x.ticks(8)), label: 'ms since it was admitted', from: LANE - 22, to: bottom }),
      markup`<g class="${hueClass(hue)}">${openSpans(timeline, until).map(
        ([from, to]) =>
          markup`<rect class="full" opacity="0.3" x="${px(x(from))}" y="${LANE - 9}" width="${px(Math.max(1, x(to) - x(from)))}" height="18"/>`,
      )}<path class="stroke thin messages" d="${at('message')
        .map((ms) => `M${px(x(ms))} ${LANE - 7}v14`)
        .join(
          '',
        )}"/>${[...at('connect'), ...at('reconnect')].map((ms) => mark(x(ms), LANE, { open: true }))}${at('renewal').map((ms) => mark(x(ms), LANE, { shape: 3, size: 110 }))}</g>`,
      markup`<g class="alarm">${timeline.expiries.map(
        (ms) => markup`<path class="stroke dashed expiry" d="M${px(x(ms))} ${LANE - 22}V${px(bottom)}"/>`,
      )}${at('refused').map((ms) => markup`<path class="stroke refused" d="M${px(x(ms) - 4)} ${LANE - 20}l8 8m0 -8l-8 8"/>`)}${[...at('cut'), ...at('end')].map((ms) => markup`<path class="stroke" stroke-width="3" d="M${px(x(ms))} ${LANE - 14}v28"/>`)}</g>`,
      ...labels.map(
        ({ episode, row, end }) =>
          markup`<path class="grid" d="M${px(x(episode.from))} ${LANE + 12}V${px(LABELS.top + row * LABELS.row - 4)}"/><text class="halo${end ? ' end' : ''}" x="${px(x(episode.from) + (end ? -6 : 6))}" y="${px(LABELS.top + row * LABELS.row)}">${fitted(nameOf(episode), WIDTH / 2)}</text>`,
      ),
    ],
  });
}

/** From each CONNECT to the cut or end that follows. */
function openSpans({ events }: Timeline, until: number): [from: number, to: number][] {
  const spans: [number, number][] = [];
  let since: number | undefined;
  for (const { at, kind } of events.toSorted((a, b) => a.at - b.at)) {
    if (kind === 'connect' || kind === 'reconnect') since ??= at;
    if ((kind === 'cut' || kind === 'end') && since !== undefined) {
      spans.push([since, at]);
      since = undefined;
    }
  }
  return since === undefined ? spans : [...spans, [since, until]];
}

interface Label {
  readonly episode: Episode;
  readonly row: number;
  /** It ends where it stands, rather than beginning there. */
  readonly end: boolean;
}

/** What is told beside the lane, in as many rows as it takes; what has no room is in the description. */
function labelled(episodes: readonly Episode[], x: (ms: number) => number): Label[] {
  const taken: [from: number, to: number][][] = Array.from({ length: LABELS.most }, () => []);
  return episodes.flatMap((episode): Label[] => {
    if (episode.kind === 'message') return [];
    const width = Math.min(WIDTH / 2, textWidth(nameOf(episode)));
    const at = x(episode.from);
    const end = at + width > WIDTH - 16;
    const span: [number, number] = end ? [at - width - 8, at + 4] : [at - 4, at + width + 8];
    const row = taken.findIndex((spans) => spans.every(([from, to]) => span[1] <= from || span[0] >= to));
    if (row === -1) return [];
    taken[row]!.push(span);
    return [{ episode, row, end }];
  });
}
