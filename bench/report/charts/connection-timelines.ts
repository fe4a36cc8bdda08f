import { scaleLinear } from 'd3-scale';
import { nameOf } from '../../model/entry.ts';
import type { Run, Timeline } from '../../model/run-file.ts';
import { median } from '../../stats/statistics.ts';
import { afterEndText, atExpiryText } from '../consequence-text.ts';
import { type Consequences, consequencesOf } from '../consequences.ts';
import { type Markup, markup } from '../markup.ts';
import { type Row, rowsOf } from '../rows.ts';
import { chart, fitted, px } from './chart.ts';
import { BARS, isServedAfter, lane, LANE_HEIGHT } from './timeline-lane.ts';
import { type Layout, LINE, MARGIN, NARROW, WIDE, wrapped } from './timeline-layout.ts';
import { legendOf } from './timeline-legend.ts';

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
  ['hardened: every gap closed that can be', ({ variant }) => variant === 'hardened'],
  ['as-published: as in the article', ({ variant }) => variant === 'as-published'],
  ['Peers: what people write today', ({ variant }) => variant === null],
];

/**
 * Draws the connections of each entry at expiry, sign-out and ban: entitled, served though they should not be, cut,
 * renewed, lost. Undefined if the run recorded no timelines.
 *
 * @param isShown leaves out entries, for a place with little room
 */
export function connectionTimelines(
  run: Pick<Run, 'timelines' | 'cells' | 'entries'>,
  isShown: (row: Row) => boolean = () => true,
): Picture | undefined {
  const rows = rowsOf(run).filter(isShown);
  const lives = rows.flatMap((row): Life[] => {
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

const lifeText = ({ row, consequences }: Life): string =>
  `${nameOf(row)}. ${ends.map((end) => `${headOf(end)}: ${wordsOf(consequences, end).text}.`).join(' ')}`;

/** The consequence of an end, and whether a credential stayed usable after it. */
function wordsOf({ atExpiry, after }: Consequences, end: End): { text: string; isLeak: boolean } {
  const isLeak = [after[end].acts, after[end].receives].some((use) => use?.goesOn);
  const held = afterEndText(after[end]);
  if (end !== 'expiry') return { text: held, isLeak };
  return { text: isLeak ? `${atExpiryText(atExpiry)}; ${held}` : atExpiryText(atExpiry), isLeak };
}

interface Group {
  readonly title: string;
  readonly lives: readonly Life[];
}

function drawn(grouped: readonly Group[], text: string, layout: Layout): string {
  const scales = ends.map((end, index) => scaleOf(grouped, end, layout, index));
  const legend = legendOf(
    layout,
    grouped.some(({ lives }) => lives.some((life) => thinBarOf(life) !== undefined)),
  );
  let y = legend.bottom;
  const body: Markup[] = [legend.markup];
  if (layout.beside) {
    y += 12;
    body.push(
      ...ends.map(
        (end, index) =>
          markup`<text class="group" x="${px(scales[index]!.range()[0]!)}" y="${y}">${headOf(end)}</text>`,
      ),
    );
  }
  for (const { title, lives } of grouped) {
    body.push(
      markup`<text class="group" x="${MARGIN}" y="${px(y + 18)}">${fitted(title, layout.width - 2 * MARGIN)}</text>`,
    );
    y += 30;
    for (const life of lives) {
      const { markup: row, height } = lifeMarkup(life, y, layout, scales);
      body.push(row);
      y += height;
    }
  }
  const { width, title } = layout;
  return chart({ width, height: y + 6, title, description: text, body });
}

const headOf = (end: End): string => (end === 'expiry' ? 'At expiry' : `After ${end === 'ban' ? 'a ban' : end}`);

/** From ms after the end of a credential to px, alike for all entries. What is outside is not drawn. */
function scaleOf(grouped: readonly Group[], end: End, { lane: { x, width }, lanes, beside }: Layout, index: number) {
  const timelines = grouped.flatMap(({ lives }) => lives.flatMap((life) => shownOf(life, end) ?? []));
  const before = timelines.map(({ ends: [first = 0] }) => first);
  const after = timelines.map(({ ends: [first = 0], until }) => until - first);
  const from = x + (beside ? lanes[index]! : 0);
  return scaleLinear()
    .domain(timelines.length === 0 ? [-1, 1] : [-Math.max(1, median(before)), Math.max(1, median(after))])
    .range([from, from + width])
    .clamp(true);
}

/** The client that is drawn: at expiry one that renews as it may, and otherwise one that holds its credential. */
const shownOf = (life: Life, end: End): Timeline | undefined => of(life, end, end === 'expiry' ? 'honest' : 'holder');

const of = ({ timelines }: Life, end: End, client: Timeline['client']): Timeline | undefined =>
  timelines.find((one) => one.end === end && one.client === client);

/** A client that renews nothing and is served after the expiry, where this does not show on the one that renews. */
function thinBarOf(life: Life): Timeline | undefined {
  const [honest, holder] = [shownOf(life, 'expiry'), of(life, 'expiry', 'holder')];
  return holder !== undefined && isServedAfter(holder) && !(honest && isServedAfter(honest)) ? holder : undefined;
}

type Scale = ReturnType<typeof scaleOf>;

function lifeMarkup(
  life: Life,
  top: number,
  layout: Layout,
  scales: readonly Scale[],
): { markup: Markup; height: number } {
  const { strategy, variant } = life.row;
  const told = ends.map((end) => wordsOf(life.consequences, end));
  const lines = told.map(({ text }) => wrapped(text, layout.words));
  const drawnLanes = ends.map((end, index) => {
    const x = scales[index]!;
    const y = layout.beside ? top : top + layout.label.height + layout.lanes[index]!;
    const timeline = shownOf(life, end);
    const [from = 0, to = 0] = x.range();
    const at = layout.beside ? { x: from, y: y + LANE_HEIGHT + LINE - 2 } : { x: to + 8, y: y + 8 };
    const thin = end === 'expiry' ? thinBarOf(life) : undefined;
    return markup`${timeline && lane(timeline, thin, { x, y })}
<path class="moment" d="M${px(x(0))} ${y - 4}v${BARS + 8}"/>
${!layout.beside && markup`<text class="soft small" x="${MARGIN}" y="${y + 13}">${end}</text>`}
${lines[index]!.map(
  (line, number) =>
    markup`<text class="small${told[index]!.isLeak ? ' alarm' : ''}" x="${px(at.x)}" y="${px(at.y + number * LINE)}">${line}</text>`,
)}`;
  });
  const name = fitted(strategy, layout.label.width);
  return {
    markup: markup`<g class="life" data-strategy="${strategy}" data-variant="${variant ?? ''}"><text x="${MARGIN}" y="${px(top + 13)}">${name}</text>${drawnLanes}</g>`,
    height: layout.row + (layout.beside ? LINE * Math.max(...lines.map(({ length }) => length)) : 0),
  };
}
