import { sides } from './facts.ts';
import { atTime, type LaneState, type Moment } from './lane-state.ts';
import { type Kind, segmentsOf } from './track.ts';
import { whoName } from './verdict.ts';

/** A bar of one kind, or a mark, in px. */
export type Shape =
  | { readonly is: 'bar'; readonly kind: Kind; readonly x: number; readonly y: number; readonly width: number }
  | { readonly is: 'renewed' | 'lost'; readonly x: number; readonly y: number }
  | { readonly is: 'name'; readonly text: string; readonly x: number; readonly y: number }
  | { readonly is: 'moment'; readonly why: Moment['why']; readonly x: number; readonly height: number };

/** The time that is shown, in ms, and the room for it. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export const BAR = 9;
const BETWEEN = 2;
/** The shortest time that is shown, in ms. */
const SHORTEST = 12_000;
/** A client's two bars, and the distance to the next client. */
const CLIENT_HEIGHT = 2 * BAR + BETWEEN;
const NEXT = 6;
/** The name above a client's bars, where there are several clients. */
const NAME = 12;
/** The least width of a gap and of a stale stretch, in px: most are shorter than one px. */
const LEAST = 3;

/** How much time to show, in ms: all that has happened in the lanes, up to the `longest`. */
export function spanOf(lanes: readonly LaneState[], now: number, longest: number): number {
  const begun = lanes.flatMap(({ clients }) => clients.map(({ sends }) => sends.past[0]?.from ?? sends.since));
  return Math.min(longest, Math.max(SHORTEST, now - Math.min(now, ...begun)));
}

export const laneHeight = ({ clients }: LaneState): number =>
  clients.length < 2 ? CLIENT_HEIGHT : clients.length * (NAME + CLIENT_HEIGHT + NEXT) - NEXT;

/** The top of a client's bars. */
const topOf = ({ clients }: LaneState, index: number): number =>
  clients.length < 2 ? 0 : NAME + index * (NAME + CLIENT_HEIGHT + NEXT);

/** All shapes of a lane at a time, back to front. */
export function shapesOf(lane: LaneState, view: View, now: number): Shape[] {
  const { clients, moments } = atTime(lane, now);
  const x = (at: number): number => ((at - view.from) / (view.to - view.from)) * view.width;
  const inside = (at: number): boolean => at >= view.from && at <= Math.min(now, view.to);
  const bars = clients.flatMap((client, index) =>
    sides.flatMap((side, line) => {
      const y = topOf(lane, index) + line * (BAR + BETWEEN);
      return segmentsOf(client[side]).flatMap(({ kind, from, to }): Shape[] => {
        const [start, end] = [Math.max(view.from, from), Math.min(view.to, to ?? now)];
        if (end <= start) return [];
        const least = kind === 'gap' || kind === 'stale' ? LEAST : 0;
        return [{ is: 'bar', kind, x: x(start), y, width: Math.max(least, x(end) - x(start)) }];
      });
    }),
  );
  const marks = clients.flatMap(({ renewals, losses }, index): Shape[] => {
    const y = topOf(lane, index);
    return [
      ...renewals.filter(inside).map((at): Shape => ({ is: 'renewed', x: x(at), y: y + BAR / 2 })),
      ...losses.filter(inside).map((at): Shape => ({ is: 'lost', x: x(at), y: y + 1.5 * BAR + BETWEEN })),
    ];
  });
  const height = laneHeight(lane);
  const lines = moments
    .filter(({ at }) => inside(at))
    .map(({ at, why }): Shape => ({ is: 'moment', why, x: x(at), height }));
  const names = clients.map(({ who }, index): Shape => ({
    is: 'name',
    text: whoName(who),
    x: 0,
    y: topOf(lane, index) - 3,
  }));
  return [...bars, ...lines, ...marks, ...(clients.length < 2 ? [] : names)];
}
