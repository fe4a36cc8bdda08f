/**
 * The state of one connection at a time:
 * - `entitled`: open, and its client may be served;
 * - `unproven`: open after the end of its credential, and nothing has shown that it is still served;
 * - `stale`: served though it should not be;
 * - `refused`: open, and messages are refused or not answered;
 * - `gap`: lost, and the client tries to come back;
 * - `closed`: closed for good, or never opened.
 */
export type Kind = 'entitled' | 'unproven' | 'stale' | 'refused' | 'gap' | 'closed';

/** Times are in ms; `to` is null while it lasts. */
export interface Segment {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number | null;
}

/** One connection: what it is now, and what it was before, in order. */
export interface Track {
  readonly kind: Kind;
  readonly since: number;
  readonly past: readonly Segment[];
  /** Why it was closed or refused last, where somebody said. */
  readonly code: string | null;
  /** When it was last shown to be served, and when it was closed last. */
  readonly servedAt: number | null;
  readonly closedAt: number | null;
}

/** Segments that a track keeps; older ones are forgotten. */
const MOST = 150;

export const newTrack = (at: number): Track => ({
  kind: 'closed',
  since: at,
  past: [],
  code: null,
  servedAt: null,
  closedAt: null,
});

export const isOpen = ({ kind }: Track): boolean => kind !== 'gap' && kind !== 'closed';

/** The track from `at` on; a moment before the present segment began counts as its beginning. */
export function turned(track: Track, kind: Kind, at: number): Track {
  if (kind === track.kind) return track;
  const since = Math.max(track.since, at);
  if (since === track.since) return { ...track, kind };
  return { ...track, kind, since, past: [...track.past, ...ended(track, since)].slice(-MOST) };
}

/** Nothing shows that a connection was still served after its last use. */
function ended({ kind, since: from, servedAt }: Track, to: number): Segment[] {
  if (kind !== 'stale' || servedAt === null || servedAt <= from || servedAt >= to) return [{ kind, from, to }];
  return [
    { kind, from, to: servedAt },
    { kind: 'unproven', from: servedAt, to },
  ];
}

/** All that is known of it, in order; the last one lasts. */
export const segmentsOf = ({ past, kind, since }: Track): Segment[] => [...past, { kind, from: since, to: null }];

/** How long it was of this kind since `from`, in ms. */
export const lasted = (track: Track, kind: Kind, from: number, now: number): number =>
  segmentsOf(track)
    .filter((segment) => segment.kind === kind)
    .reduce((sum, segment) => sum + Math.max(0, (segment.to ?? now) - Math.max(segment.from, from)), 0);
