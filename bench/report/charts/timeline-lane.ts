import { type Span, without } from '../../../harness/probes/spans.ts';
import type { Timeline } from '../../model/run-file.ts';
import { TOLERATED } from '../leaks.ts';
import { type Markup, markup } from '../markup.ts';
import { px } from './chart.ts';
import { mark } from './marks.ts';

type Connection = Timeline['acts'];

/** Of the two bars of a lane: the connection that talks, and below it the one that listens. */
const BAR = 8;
const BETWEEN = 2;
/** The bar of a client that renews nothing, below the others. */
const THIN = 4;
export const BARS = 2 * BAR + BETWEEN;
export const LANE_HEIGHT = BARS + BETWEEN + THIN;

/** What a gap is wide at least, in px: most take less time than a px is. */
const LEAST_GAP = 3;

/** Where a lane is. */
export interface Place {
  readonly y: number;
  /** ms from the end of the credential to px. */
  readonly x: (ms: number) => number;
  /** The id of the pattern of stripes. */
  readonly stripes: string;
}

/**
 * When a connection was served though its client was not entitled to it, in ms of its timeline. Shorter stretches than
 * a connection takes to be closed are none.
 */
export const staleSpans = ({ served, entitled }: Connection): Span[] =>
  without(served, entitled).filter(([from, to]) => to - from > TOLERATED);

/** The lane of one client, and of one that renews nothing where only that one was served after the end. */
export function lane(timeline: Timeline, holder: Timeline | undefined, place: Place): Markup {
  const { acts, receives } = timeline;
  const below = { ...place, y: place.y + BAR + BETWEEN };
  const isStale = [acts, receives].some((connection) => staleSpans(connection).length > 0);
  return markup`<g class="lane" data-end="${timeline.end}">${bar(acts, timeline, place)}${bar(receives, timeline, below)}${
    holder !== undefined && !isStale && holderBar(holder, { ...place, y: place.y + BARS + BETWEEN })
  }</g>`;
}

function bar(connection: Connection, { ends, until }: Timeline, { x, y, stripes }: Place): Markup {
  const { open, entitled, failed, renewals } = connection;
  const [first = 0] = ends;
  const at = (ms: number) => x(ms - first);
  const rect = (className: string, [from, to]: Span, least = 0) => {
    const width = Math.max(least, at(to) - at(from));
    return (
      width > 0 &&
      markup`<rect class="${className}" x="${px(at(from))}" y="${y}" width="${px(width)}" height="${BAR}"/>`
    );
  };
  const whole: Span[] = [[0, until]];
  const closed = without(whole, open);
  const good = without(entitledOf(entitled), closed);
  const last = open.at(-1)?.[1] ?? 0;
  const gaps = [...closed.filter(([, to]) => to <= last), ...overlap(failed, good)];
  return markup`${rect('is-closed', [0, until])}${good.map((span) => rect('is-open', span))}${gaps.map((span) =>
    rect('gap', span, LEAST_GAP),
  )}${staleSpans(connection).map(
    ([from, to]) =>
      markup`<rect class="stale" fill="url(#${stripes})" x="${px(at(from))}" y="${y}" width="${px(at(to) - at(from))}" height="${BAR}"/>`,
  )}${renewals.map((ms) => markup`<g class="renewed">${mark(at(ms), y + BAR / 2, { shape: 3, size: 42 })}</g>`)}`;
}

function holderBar(holder: Timeline, { x, y, stripes }: Place): Markup {
  const [first = 0] = holder.ends;
  const spans = [...staleSpans(holder.acts), ...staleSpans(holder.receives)];
  return markup`${spans.map(
    ([from, to]) =>
      markup`<rect class="stale" fill="url(#${stripes})" x="${px(x(from - first))}" y="${y}" width="${px(x(to) - x(from))}" height="${THIN}"/>`,
  )}`;
}

/** With the moments between a credential's end and its renewal, which no eye would see. */
const entitledOf = (entitled: readonly Span[]): Span[] =>
  entitled.reduce<Span[]>((all, [from, to]) => {
    const last = all.at(-1);
    if (last === undefined || from - last[1] > TOLERATED) return [...all, [from, to]];
    return [...all.slice(0, -1), [last[0], to]];
  }, []);

const overlap = (spans: readonly Span[], within: readonly Span[]): Span[] => {
  const outside = without([[-Infinity, Infinity]], within);
  return without(spans, outside);
};
