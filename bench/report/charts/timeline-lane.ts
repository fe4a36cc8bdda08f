import { type Span, without } from '../../../harness/probes/spans.ts';
import type { Timeline } from '../../model/run-file.ts';
import { TOLERATED } from '../leaks.ts';
import { type Markup, markup } from '../markup.ts';
import { px } from './chart.ts';
import { mark } from './marks.ts';

type Connection = Timeline['acts'];

/** The height of each bar of a lane: the connection that talks, and below it the one that listens. */
const BAR = 8;
const BETWEEN = 2;
/** The bar of a client that renews nothing, below the others. */
const THIN = 4;
export const BARS = 2 * BAR + BETWEEN;
export const LANE_HEIGHT = BARS + BETWEEN + THIN;

/** The least width of a gap, in px: most gaps are shorter than one px. */
const LEAST_GAP = 5;
/** A renewal that a reconnect follows within this, in ms, was not made on the connection. */
const SOON = 1000;

/** The place of a lane. */
export interface Place {
  readonly y: number;
  /** ms from the end of the credential to px. */
  readonly x: (ms: number) => number;
}

/**
 * The spans in which a connection was served though its client was not entitled to it, in ms of its timeline: each from
 * the end of a credential to the last use. Spans as short as a connection takes to be closed are left out.
 */
export function staleSpans({ served, entitled, open }: Connection): Span[] {
  return without(open, entitled).flatMap(([from, to]): Span[] => {
    const uses = without(served, [
      [-Infinity, from],
      [to, Infinity],
    ]);
    const last = uses.at(-1)?.[1];
    return last !== undefined && last - from > TOLERATED ? [[from, last]] : [];
  });
}

/** Whether a client was served after the end of its credential. */
export const isServedAfter = ({ acts, receives }: Timeline): boolean =>
  [acts, receives].some((connection) => staleSpans(connection).length > 0);

/** The lane of one client, with a thin bar below for another one that renews nothing. */
export function lane(timeline: Timeline, thin: Timeline | undefined, place: Place): Markup {
  const below = { ...place, y: place.y + BAR + BETWEEN };
  return markup`<g class="lane" data-end="${timeline.end}">${bar(timeline.acts, timeline, place)}${bar(timeline.receives, timeline, below)}${
    thin !== undefined && holderBar(thin, { ...place, y: place.y + BARS + BETWEEN })
  }</g>`;
}

function bar(connection: Connection, { ends, until }: Timeline, { x, y }: Place): Markup {
  const { open, entitled, failed, renewals, reconnects } = connection;
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
  )}${staleSpans(connection).map(([from, to]) => striped(at(from), y, at(to) - at(from), BAR))}${renewals
    .filter((ms) => at(ms) > at(0) && at(ms) < at(until))
    .filter((ms) => !reconnects.some((back) => back >= ms && back - ms < SOON))
    .map((ms) => markup`<g class="renewed">${mark(at(ms), y + BAR / 2, { shape: 3, size: 42 })}</g>`)}`;
}

function holderBar(holder: Timeline, { x, y }: Place): Markup {
  const [first = 0] = holder.ends;
  const spans = [...staleSpans(holder.acts), ...staleSpans(holder.receives)];
  return markup`${spans.map(([from, to]) => striped(x(from - first), y, x(to - first) - x(from - first), THIN))}`;
}

/** How far apart stripes are, in px. */
const STRIPE = 7;

/** A bar of slanted stripes. A pattern would need an id, and a page may hold several of these pictures. */
export function striped(x: number, y: number, width: number, height: number): Markup {
  const count = Math.max(0, Math.ceil((width - height) / STRIPE));
  const stripes = Array.from(
    { length: count },
    (_, index) => `M${px(x + 1 + index * STRIPE)} ${y + height}l${height - 2} -${height}`,
  );
  return markup`<g class="stale"><rect class="stale-ground" x="${px(x)}" y="${y}" width="${px(width)}" height="${height}"/><path class="stale-stripe" d="${stripes.join('')}"/></g>`;
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
