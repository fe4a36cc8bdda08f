import type { ConnectionFacts } from './connection-watch.ts';
import { joined, type Span, stretchesOf, without } from './spans.ts';
import type { Trace } from './staleness.ts';

/** One connection around the end of its credential. Times are in ms since both of its client's connections were open. */
export interface ConnectionTimeline {
  readonly open: Span[];
  /** When its client was entitled to be served. */
  readonly entitled: Span[];
  /** Stretches in which messages were handled, or notifications arrived. */
  readonly served: Span[];
  /** Stretches in which messages were refused or left unanswered, or notifications were lost. */
  readonly failed: Span[];
  /** How many messages or notifications these stretches hold. */
  readonly count: { readonly served: number; readonly failed: number };
  readonly renewals: number[];
  readonly reconnects: number[];
}

/** The window of a timeline. */
export interface Watched {
  /** ms since the epoch */
  readonly from: number;
  readonly until: number;
  /** How often it acted or was notified, in ms. */
  readonly every: number;
}

/** Stretches go on over so many attempts that are missing. */
const MISSING = 5;

/**
 * The timeline of a client that renews as it may. `enforced`: the server stopped a client that renewed nothing, so
 * whoever is served is entitled. This is how activity keeps a session alive, which the client is not told.
 */
export function honestTimeline(facts: ConnectionFacts, watched: Watched, enforced: boolean): ConnectionTimeline {
  const { from, until } = watched;
  const open = facts.open.map(({ from: opened, to = until }): Span => [opened, to]);
  const served = stretchesOf(facts.worked, MISSING * watched.every);
  const known = facts.ends.map(({ known: since, at }): Span => [since, Math.max(since, at)]);
  const entitled = facts.ends.length === 0 ? [[from, until] as Span] : [...known, ...(enforced ? served : [])];
  const reconnects = facts.open.slice(1).map((one) => one.from);
  return timelineOf({ ...facts, open, served, entitled, reconnects }, watched);
}

/** The timeline of a client that holds a credential until `endsAt`, in ms since the epoch, and renews nothing. */
export function holderTimeline({ worked, failed = [], closedAt }: Trace, watched: Watched, endsAt: number) {
  const { from, until, every } = watched;
  const open: Span[] = [[from, closedAt ?? until]];
  const served = stretchesOf(worked, MISSING * every);
  const entitled: Span[] = [[from, endsAt]];
  return timelineOf({ worked, failed, open, served, entitled, renewals: [], reconnects: [] }, watched);
}

interface Raw extends Pick<ConnectionTimeline, 'open' | 'served' | 'entitled' | 'renewals' | 'reconnects'> {
  readonly worked: readonly number[];
  readonly failed: readonly number[];
}

function timelineOf(raw: Raw, { from, until, every }: Watched): ConnectionTimeline {
  const outside: Span[] = [
    [-Infinity, from],
    [until, Infinity],
  ];
  const at = (ms: number) => Math.round(ms - from);
  const inside = (spans: readonly Span[]) =>
    without(joined(spans), outside).map(([start, end]): Span => [at(start), at(end)]);
  const lasting = (spans: readonly Span[]) => inside(spans).filter(([start, end]) => end > start);
  const moments = (of: readonly number[]) => of.filter((ms) => ms >= from && ms <= until);
  return {
    open: lasting(raw.open),
    entitled: lasting(raw.entitled),
    served: inside(raw.served),
    failed: inside(stretchesOf(raw.failed, MISSING * every)),
    count: { served: moments(raw.worked).length, failed: moments(raw.failed).length },
    renewals: moments(raw.renewals).map(at),
    reconnects: moments(raw.reconnects).map(at),
  };
}
