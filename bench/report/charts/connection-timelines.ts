import { scaleLinear } from 'd3-scale';
import type { Run, Timeline } from '../../model/run-file.ts';
import { afterEndText, atExpiryText } from '../consequence-text.ts';
import { type Consequences, consequencesOf } from '../consequences.ts';
import { type Markup, markup } from '../markup.ts';
import { type Row, rowsOf } from '../rows.ts';
import { chart, fitted, px, textWidth } from './chart.ts';
import { mark } from './marks.ts';
import { BARS, lane, LANE_HEIGHT } from './timeline-lane.ts';

/** A picture, the same for a screen of a phone, and the same in words. */
export interface Picture {
  /** 880 px wide. */
  readonly svg: string;
  /** 360 px wide: the lanes of an entry are below each other. */
  readonly narrow: string;
  /** A line for each entry. */
  readonly text: string;
}

const ends = ['expiry', 'sign-out', 'ban'] as const;
type End = (typeof ends)[number];

/** An entry in the picture. */
interface Life {
  readonly row: Row;
  readonly consequences: Consequences;
  readonly timelines: readonly Timeline[];
}

const groups: readonly [title: string, has: (row: Row) => boolean][] = [
  ['hardened: with every gap closed that can be closed', ({ variant }) => variant === 'hardened'],
  ['as-published: as in the article', ({ variant }) => variant === 'as-published'],
  ['Peers: what people write today', ({ variant }) => variant === null],
];

const TITLE = 'What happens to an open connection as its credential ends';
const CLOSED = 'closed or refused';
const legend = [
  ['open', 'open and entitled'],
  ['stale', 'served though it should not be'],
  ['closed', CLOSED],
  ['renewed', 'renewed'],
  ['gap', 'reconnecting, or lost'],
  ['moment', 'the credential ends'],
] as const;
const BARS_TEXT = 'Upper bar: messages that the client sends. Lower bar: notifications that it receives.';
const THIN_TEXT = 'Thin bar below: a client that renews nothing is still served.';

/**
 * What became of one connection of each entry at expiry, sign-out and ban, below each other: entitled, served though it
 * should not be, cut, renewed, lost. Undefined where the run recorded none.
 */
export function connectionTimelines(run: Pick<Run, 'timelines' | 'cells' | 'entries'>): Picture | undefined {
  const lives = rowsOf(run).flatMap((row): Life[] => {
    const timelines = run.timelines.filter(
      ({ role, strategy, variant }) => role === row.role && strategy === row.strategy && variant === row.variant,
    );
    return timelines.length === 0 ? [] : [{ row, consequences: consequencesOf(row), timelines }];
  });
  if (lives.length === 0) return undefined;
  const grouped = groups
    .map(([title, has]) => ({ title, lives: lives.filter(({ row }) => has(row)) }))
    .filter((group) => group.lives.length > 0);
  const text = grouped.flatMap((group) => group.lives.map(lifeText)).join('\n');
  return { svg: drawn(grouped, text, WIDE), narrow: drawn(grouped, text, NARROW), text };
}

const nameOf = ({ strategy, variant }: Row): string => (variant === null ? strategy : `${strategy} ${variant}`);

const lifeText = ({ row, consequences }: Life): string =>
  `${nameOf(row)}: ${ends.map((end) => `${end === 'expiry' ? 'at expiry' : `after ${end}`} ${wordsOf(consequences, end).text}`).join('; ')}.`;

/** The consequence of an end, and whether a credential stayed usable after it. */
function wordsOf({ atExpiry, after }: Consequences, end: End): { text: string; isLeak: boolean } {
  const isLeak = [after[end].acts, after[end].receives].some((use) => use?.goesOn);
  const held = afterEndText(after[end]);
  if (end !== 'expiry') return { text: held, isLeak };
  return { text: isLeak ? `${atExpiryText(atExpiry)}; ${held}` : atExpiryText(atExpiry), isLeak };
}

/** Where everything is, in px. */
interface Layout {
  readonly width: number;
  readonly stripes: string;
  /** The lanes of an entry are beside each other, with their words below; or below each other, with their words beside. */
  readonly beside: boolean;
  readonly label: { readonly height: number; readonly width: number };
  /** Of a lane: where the first one begins, how wide it is, and how far it is to the next one. */
  readonly lane: { readonly x: number; readonly width: number; readonly step: number };
  readonly words: { readonly width: number; readonly lines: number };
  readonly row: number;
}

const MARGIN = 16;
const LINE = 13;
const WIDE: Layout = {
  width: 880,
  stripes: 'stripes-wide',
  beside: true,
  label: { height: 0, width: 176 },
  lane: { x: 196, width: 210, step: 228 },
  words: { width: 216, lines: 2 },
  row: LANE_HEIGHT + 2 * LINE + 10,
};
const NARROW: Layout = {
  width: 360,
  stripes: 'stripes-narrow',
  beside: false,
  label: { height: 20, width: 330 },
  lane: { x: 68, width: 116, step: LANE_HEIGHT + 10 },
  words: { width: 164, lines: 2 },
  row: 20 + 3 * (LANE_HEIGHT + 10) + 6,
};

interface Drawn {
  readonly title: string;
  readonly lives: readonly Life[];
}

function drawn(grouped: readonly Drawn[], text: string, layout: Layout): string {
  const scales = new Map(ends.map((end) => [end, scaleOf(grouped, end, layout)]));
  const head = legendOf(layout);
  let y = head.bottom;
  const body: Markup[] = [head.markup];
  for (const { title, lives } of grouped) {
    body.push(
      markup`<text class="group" x="${MARGIN}" y="${px(y + 20)}">${fitted(title, layout.width - 2 * MARGIN)}</text>`,
    );
    y += 32;
    for (const life of lives) {
      body.push(lifeMarkup(life, y, layout, scales));
      y += layout.row;
    }
  }
  return chart({
    width: layout.width,
    height: y + 6,
    title: fitted(TITLE, (layout.width - 2 * MARGIN) / 1.32),
    description: text,
    body,
  });
}

/** From ms after the end of a credential to px, alike for all entries. */
function scaleOf(grouped: readonly Drawn[], end: End, { lane: { x, width, step }, beside }: Layout) {
  const timelines = grouped.flatMap(({ lives }) => lives.flatMap((life) => shownOf(life, end) ?? []));
  const before = Math.max(1, ...timelines.map(({ ends: [first = 0] }) => first));
  const after = Math.max(1, ...timelines.map(({ ends: [first = 0], until }) => until - first));
  const from = x + (beside ? ends.indexOf(end) * step : 0);
  return scaleLinear()
    .domain([-before, after])
    .range([from, from + width]);
}

/** The client that is drawn: at expiry one that renews as it may, and otherwise one that holds its credential. */
const shownOf = ({ timelines }: Life, end: End): Timeline | undefined =>
  timelines.find((one) => one.end === end && one.client === (end === 'expiry' ? 'honest' : 'holder'));

type Scale = ReturnType<typeof scaleOf>;

function lifeMarkup(life: Life, top: number, layout: Layout, scales: ReadonlyMap<End, Scale>): Markup {
  const { row, consequences, timelines } = life;
  const lanes = ends.map((end, index) => {
    const y = layout.beside ? top : top + layout.label.height + index * layout.lane.step;
    const x = scales.get(end)!;
    const timeline = shownOf(life, end);
    const holder = end === 'expiry' ? timelines.find((one) => one.end === end && one.client === 'holder') : undefined;
    const words = wordsOf(consequences, end);
    const [from = 0, to = 0] = x.range();
    const at = layout.beside ? { x: from, y: y + LANE_HEIGHT + LINE - 2 } : { x: to + 8, y: y + 8 };
    return markup`${timeline && lane(timeline, holder, { x, y, stripes: layout.stripes })}
<path class="moment" d="M${px(x(0))} ${y - 4}v${BARS + 8}"/>
${!layout.beside && markup`<text class="soft small" x="${MARGIN}" y="${y + 13}">${end}</text>`}
${wrapped(words.text, layout.words).map(
  (line, number) =>
    markup`<text class="small${words.isLeak ? ' alarm' : ''}" x="${px(at.x)}" y="${px(at.y + number * LINE)}">${line}</text>`,
)}`;
  });
  const label = fitted(row.strategy, layout.label.width);
  return markup`<g class="life" data-strategy="${row.strategy}" data-variant="${row.variant ?? ''}"><text x="${MARGIN}" y="${px(top + 13)}">${label}</text>${lanes}</g>`;
}

/** As many lines as there are; the last is cut off where the text does not fit. */
function wrapped(text: string, { width, lines }: Layout['words']): string[] {
  const all = text.split(' ').reduce<string[]>((done, word) => {
    const longer = `${done.at(-1) ?? ''} ${word}`.trim();
    return textWidth(longer, 11) <= width ? [...done.slice(0, -1), longer] : [...done, word];
  }, []);
  if (all.length <= lines) return all;
  return [...all.slice(0, lines - 1), fitted(all.slice(lines - 1).join(' '), (width * 12) / 11)];
}

/** What the marks mean, and what the lanes are. */
function legendOf({ width, stripes, beside, lane: { x, step, width: laneWidth } }: Layout): {
  markup: Markup;
  bottom: number;
} {
  let [at, y] = [MARGIN, 50];
  const items = legend.map(([kind, words]) => {
    const needed = 24 + textWidth(words, 11) + 14;
    if (at + needed > width - 4) [at, y] = [MARGIN, y + 18];
    const item = markup`${swatch(kind, at, y, stripes)}<text class="small" x="${px(at + 24)}" y="${y}">${words}</text>`;
    at += needed;
    return item;
  });
  const lines = [BARS_TEXT, THIN_TEXT].flatMap((line) => wrapped(line, { width: width - 2 * MARGIN, lines: 3 }));
  const notes = lines.map(
    (line, index) => markup`<text class="soft small" x="${MARGIN}" y="${y + 20 + index * 15}">${line}</text>`,
  );
  y += 20 + lines.length * 15;
  const heads = ends.map(
    (end, index) =>
      beside &&
      markup`<text class="group" x="${x + index * step}" y="${y + 12}">${fitted(headOf(end), laneWidth)}</text>`,
  );
  const pattern = markup`<defs><pattern id="${stripes}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stale-ground" width="7" height="7"/><path class="stale-stripe" d="M1 0v7"/></pattern></defs>`;
  return { markup: markup`${pattern}${items}${notes}${heads}`, bottom: y + (beside ? 14 : -4) };
}

const headOf = (end: End): string => (end === 'expiry' ? 'At expiry' : `After ${end === 'ban' ? 'a ban' : end}`);

function swatch(kind: (typeof legend)[number][0], x: number, y: number, stripes: string): Markup {
  const box = (className: string, at = x, width = 18) =>
    markup`<rect class="${className}" x="${px(at)}" y="${y - 8}" width="${width}" height="8"/>`;
  if (kind === 'open') return box('is-open');
  if (kind === 'closed') return box('is-closed');
  if (kind === 'gap') return markup`${box('is-open')}${box('gap', x + 7, 4)}`;
  if (kind === 'renewed')
    return markup`${box('is-open')}<g class="renewed">${mark(x + 9, y - 4, { shape: 3, size: 42 })}</g>`;
  if (kind === 'moment') return markup`<path class="moment" d="M${px(x + 9)} ${y - 12}v16"/>`;
  return markup`<rect fill="url(#${stripes})" x="${px(x)}" y="${y - 8}" width="18" height="8"/>`;
}
