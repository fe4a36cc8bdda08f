import {
  actedByRole,
  type Client,
  concerns,
  eachTrack,
  endedBy,
  hasEntitled,
  joined,
  marked,
  MOST_MARKS,
  rightEndsAt,
  TOLERATED,
  used,
  withoutRight,
  withoutRole,
} from './client-state.ts';
import { type End, type Fact, type FactOf, type Who, whos } from './facts.ts';
import { isOpen, turned } from './track.ts';

/** A moment that is drawn across the lane. */
export interface Moment {
  readonly at: number;
  readonly why: End | 'expiry' | 'network' | 'server' | 'redis';
}

/** All that is known of one lane. */
export interface LaneState {
  readonly server: 'starting' | 'up' | 'down';
  readonly network: boolean;
  readonly redis: boolean;
  readonly clients: readonly Client[];
  readonly moments: readonly Moment[];
}

export const newLane: LaneState = { server: 'starting', network: true, redis: true, clients: [], moments: [] };

/** The lane after one more fact. */
export function next(lane: LaneState, fact: Fact): LaneState {
  const settled = atTime(lane, fact.at);
  const row = table[fact.is] as (lane: LaneState, fact: Fact) => LaneState;
  return row(settled, fact);
}

/** The lane at a time: credentials that have ended by then have ended. */
export function atTime(lane: LaneState, at: number): LaneState {
  const expired = lane.clients.filter((client) => rightEndsAt(client) <= at && hasEntitled(client));
  if (expired.length === 0) return lane;
  const byTime = expired.filter((client) => rightEndsAt(client) === client.endsAt);
  const moments = byTime.map((client): Moment => ({ at: client.endsAt!, why: 'expiry' }));
  return {
    ...lane,
    clients: lane.clients.map((client) => (expired.includes(client) ? withoutRight(client) : client)),
    moments: moments.reduce(withMoment, lane.moments),
  };
}

/** The same moment is told by each client. */
function withMoment(moments: readonly Moment[], moment: Moment): readonly Moment[] {
  const known = moments.some(({ at, why }) => why === moment.why && Math.abs(at - moment.at) < TOLERATED);
  return known ? moments : [...moments, moment].slice(-MOST_MARKS);
}

type Row<T extends Fact['is']> = (lane: LaneState, fact: FactOf<T>) => LaneState;

const table: { readonly [T in Fact['is']]: Row<T> } = {
  reset: (lane) => ({ ...lane, clients: [], moments: [] }),
  server: (lane, fact) => ({ ...faulty(lane, fact, 'server'), server: fact.up ? 'up' : 'down' }),
  network: (lane, fact) => ({ ...faulty(lane, fact, 'network'), network: fact.up }),
  redis: (lane, fact) => ({ ...faulty(lane, fact, 'redis'), redis: fact.up }),
  joined: (lane, fact) => {
    const { who } = fact;
    const before = lane.clients.find((client) => client.who === who);
    const clients = [...lane.clients.filter((client) => client !== before), joined(before, fact)];
    return { ...lane, clients: clients.toSorted((a, b) => whos.indexOf(a.who) - whos.indexOf(b.who)) };
  },
  credential: (lane, { who, endsAt, at }) =>
    of(lane, who, (client) => {
      const renewed = { ...client, endsAt };
      if (rightEndsAt(renewed) <= at) return renewed;
      return eachTrack(renewed, (track) =>
        ['unproven', 'stale'].includes(track.kind) ? turned(track, 'entitled', at) : track,
      );
    }),
  'turned-away': (lane, { who, code }) => of(lane, who, (client) => ({ ...client, turnedAway: code })),
  opened: (lane, { who, side, at }) =>
    of(lane, who, (client) => {
      const again = client[side].kind === 'gap';
      const kind = rightEndsAt(client) > at ? 'entitled' : 'unproven';
      return {
        ...client,
        [side]: { ...turned(client[side], kind, at), code: null },
        keepsRole: side === 'sends' ? false : client.keepsRole,
        reconnects: client.reconnects + (again ? 1 : 0),
        turnedAway: null,
      };
    }),
  closed: (lane, { who, side, code, at }) =>
    of(lane, who, (client) =>
      isOpen(client[side]) ? { ...client, [side]: { ...turned(client[side], 'gap', at), code, closedAt: at } } : client,
    ),
  over: (lane, { who, side, code, at }) =>
    of(lane, who, (client) => {
      const track = client[side];
      // It is closed since the connection was lost, unless it tried to come back meanwhile.
      const soon = track.kind === 'gap' && at - track.since < TOLERATED;
      const closed = soon ? { ...track, kind: 'closed' as const } : turned(track, 'closed', at);
      return { ...client, [side]: { ...closed, code, closedAt: track.closedAt ?? at } };
    }),
  answered: (lane, { who, sentAt, role, at }) =>
    of(lane, who, (client) => {
      const counted = { ...client, answered: client.answered + 1 };
      return role ? actedByRole(counted, sentAt) : used(counted, 'sends', sentAt, at);
    }),
  refused: (lane, { who, code, role, at }) =>
    of(lane, who, (client) => {
      if (role && code === 'forbidden') return withoutRole(client, at);
      const track = client.sends;
      return {
        ...client,
        refused: client.refused + 1,
        sends: isOpen(track) ? { ...turned(track, 'refused', at), code } : track,
      };
    }),
  heard: (lane, { who, pushedAt, lost, renewing = false, at }) =>
    of(lane, who, (client) => {
      const counted = {
        ...client,
        heard: client.heard + 1,
        lost: client.lost + lost,
        losses: lost > 0 ? marked(client.losses, at) : client.losses,
      };
      return renewing && client.ended === null ? counted : used(counted, 'receives', pushedAt, at);
    }),
  renewed: (lane, { who, at }) => of(lane, who, (client) => ({ ...client, renewals: marked(client.renewals, at) })),
  ended: (lane, fact) => ({
    ...lane,
    clients: lane.clients.map((client) => (concerns(fact, client) ? endedBy(client, fact) : client)),
    moments: withMoment(lane.moments, { at: fact.askedAt, why: fact.why }),
  }),
};

const faulty = (lane: LaneState, { up, at }: { up: boolean; at: number }, why: Moment['why']): LaneState =>
  up ? lane : { ...lane, moments: withMoment(lane.moments, { at, why }) };

const of = (lane: LaneState, who: Who, change: (client: Client) => Client): LaneState => ({
  ...lane,
  clients: lane.clients.map((client) => (client.who === who ? change(client) : client)),
});
