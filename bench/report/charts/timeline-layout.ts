import { textWidth, fitted } from './chart.ts';
import { LANE_HEIGHT } from './timeline-lane.ts';

/** The places of all parts of the picture, in px. */
export interface Layout {
  readonly width: number;
  readonly title: string;
  /** The lanes of an entry are beside each other, with their words below; or below each other, with their words beside. */
  readonly beside: boolean;
  /** How wide the name of an entry is, and how far below its top the lanes begin. */
  readonly label: { readonly height: number; readonly width: number };
  /** The start of each lane: to the right of the one before, or below it. */
  readonly lanes: readonly [expiry: number, signOut: number, ban: number];
  readonly lane: { readonly x: number; readonly width: number };
  /** How many lines an entry's words may take. */
  readonly words: { readonly width: number; readonly lines: number };
  /** An entry without its words, where they are below its lanes; a whole entry otherwise. */
  readonly row: number;
}

export const MARGIN = 16;
export const LINE = 13;
const SMALL = 11;

export const WIDE: Layout = {
  width: 880,
  title: 'What happens to an open connection as its credential ends',
  beside: true,
  label: { height: 0, width: 176 },
  lanes: [0, 228, 456],
  lane: { x: 196, width: 210 },
  words: { width: 216, lines: 3 },
  row: LANE_HEIGHT + 12,
};

export const NARROW: Layout = {
  width: 360,
  title: 'A connection as its credential ends',
  beside: false,
  label: { height: 22, width: 330 },
  lanes: [0, 44, 78],
  lane: { x: 68, width: 104 },
  words: { width: 176, lines: 3 },
  row: 22 + 78 + 34,
};

/** How wide a small text is, about. */
export const smallWidth = (text: string): number => textWidth(text, SMALL) * 0.94;

/** As many lines as the text takes; the last one is cut off where there are not enough. */
export function wrapped(text: string, { width, lines }: Layout['words']): string[] {
  const all = text.split(' ').reduce<string[]>((done, word) => {
    const longer = `${done.at(-1) ?? ''} ${word}`.trim();
    return smallWidth(longer) <= width ? [...done.slice(0, -1), longer] : [...done, word];
  }, []);
  if (all.length <= lines) return all;
  return [...all.slice(0, lines - 1), fitted(all.slice(lines - 1).join(' '), (width * 12) / SMALL)];
}
