import { type Markup, markup } from '../markup.ts';
import { px } from './chart.ts';
import { mark } from './marks.ts';
import { striped } from './timeline-lane.ts';
import { type Layout, MARGIN, smallWidth, wrapped } from './timeline-layout.ts';

const legend = [
  ['open', 'open and entitled'],
  ['stale', 'served though it should not be'],
  ['closed', 'closed or refused'],
  ['renewed', 'renewed'],
  ['gap', 'reconnecting, or lost'],
  ['moment', 'the credential ends'],
] as const;
const BARS_TEXT = 'Upper bar: messages that the client sends. Lower bar: notifications that it receives.';
const THIN_TEXT = 'Thin bar: a client that renews nothing is still served.';

/** The meaning of the marks, and where the legend ends. `thin` adds the bar of a client that renews nothing. */
export function legendOf({ width }: Layout, thin: boolean): { markup: Markup; bottom: number } {
  let [at, y] = [MARGIN, 50];
  const items = legend.map(([kind, words]) => {
    const needed = 22 + smallWidth(words);
    if (at + needed > width - 4) [at, y] = [MARGIN, y + 18];
    const item = markup`${swatch(kind, at, y)}<text class="small" x="${px(at + 22)}" y="${y}">${words}</text>`;
    at += needed + 12;
    return item;
  });
  const room = { width: width - 2 * MARGIN, lines: 3 };
  const lines = [...wrapped(BARS_TEXT, room), ...(thin ? wrapped(THIN_TEXT, room) : [])];
  const notes = lines.map(
    (line, index) => markup`<text class="soft small" x="${MARGIN}" y="${y + 20 + index * 15}">${line}</text>`,
  );
  return { markup: markup`${items}${notes}`, bottom: y + 20 + lines.length * 15 };
}

function swatch(kind: (typeof legend)[number][0], x: number, y: number): Markup {
  const box = (className: string, at = x, width = 17) =>
    markup`<rect class="${className}" x="${px(at)}" y="${y - 8}" width="${width}" height="8"/>`;
  switch (kind) {
    case 'open':
      return box('is-open');
    case 'closed':
      return box('is-closed');
    case 'gap':
      return markup`${box('is-open')}${box('gap', x + 7, 4)}`;
    case 'renewed':
      return markup`${box('is-open')}<g class="renewed">${mark(x + 8.5, y - 4, { shape: 3, size: 42 })}</g>`;
    case 'moment':
      return markup`<path class="moment" d="M${px(x + 9)} ${y - 12}v16"/>`;
    default:
      return striped(x, y - 8, 17, 8);
  }
}
