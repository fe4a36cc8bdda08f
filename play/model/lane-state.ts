import { type End, type Fact, type FactOf, type Side, sides, type SignIn, type Who, whos } from './facts.ts';
import { isOpen, newTrack, type Track, turned } from './track.ts';

/** One client of a lane. Times are in ms. */
export interface Client {
  readonly who: Who;
  readonly signIn: SignIn;
  readonly joinedAt: number;
  /** When its credential ends; null where nothing tells. */
  readonly endsAt: number | null;
  /** When and how its access was ended; null while it may be served. */
  readonly ended: { readonly at: number; readonly why: End } | null;
  readonly roleLostAt: number | null;
  /** It still acts by the role that it has lost. */
  readonly keepsRole: boolean;
  readonly sends: Track;
  readonly receives: Track;
  readonly renewals: readonly number[];
  /** When notifications were found to be lost, and how many in all. */
  readonly losses: readonly number[];
  readonly lost: number;
  readonly reconnects: number;
  readonly answered: number;
  readonly refused: number;
  readonly heard: number;
  /** Why it could not sign in or connect. */
  readonly turnedAway: string | null;
}

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

/** Uses that are later than this after an end show that the connection is still served, in ms: connections take a moment to be closed. */
export const TOLERATED = 200;
/** Marks that are kept of each kind. */
const MOST = 150;

export const newLane: LaneState = { server: 'starting', network: true, redis: true, clients: [], moments: [] };

/** When a client's right to be served ends, in ms; Infinity where it does not. */
export const rightEndsAt = ({ endsAt, ended }: Client): number =>
  Math.min(endsAt ?? Infinity, ended === null || ended.why === 'lost-role' ? Infinity : ended.at);

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

const hasEntitled = (client: Client): boolean => sides.some((side) => client[side].kind === 'entitled');

const withoutRight = (client: Client): Client =>
  eachTrack(client, (track) => (track.kind === 'entitled' ? turned(track, 'unproven', rightEndsAt(client)) : track));

const eachTrack = (client: Client, change: (track: Track) => Track): Client => ({
  ...client,
  sends: change(client.sends),
  receives: change(client.receives),
});

/** The same moment is told by each client. */
function withMoment(moments: readonly Moment[], moment: Moment): readonly Moment[] {
  const known = moments.some(({ at, why }) => why === moment.why && Math.abs(at - moment.at) < TOLERATED);
  return known ? moments : [...moments, moment].slice(-MOST);
}

const marked = (marks: readonly number[], at: number): readonly number[] => [...marks, at].slice(-MOST);

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
  heard: (lane, { who, pushedAt, lost, at }) =>
    of(lane, who, (client) =>
      used(
        {
          ...client,
          heard: client.heard + 1,
          lost: client.lost + lost,
          losses: lost > 0 ? marked(client.losses, at) : client.losses,
        },
        'receives',
        pushedAt,
        at,
      ),
    ),
  renewed: (lane, { who, at }) => of(lane, who, (client) => ({ ...client, renewals: marked(client.renewals, at) })),
  ended: (lane, { why, at }) => ({
    ...lane,
    clients: lane.clients.map((client) => (concerns(why, client) ? endedBy(client, why, at) : client)),
    moments: withMoment(lane.moments, { at, why }),
  }),
};

const faulty = (lane: LaneState, { up, at }: { up: boolean; at: number }, why: Moment['why']): LaneState =>
  up ? lane : { ...lane, moments: withMoment(lane.moments, { at, why }) };

const of = (lane: LaneState, who: Who, change: (client: Client) => Client): LaneState => ({
  ...lane,
  clients: lane.clients.map((client) => (client.who === who ? change(client) : client)),
});

/** What the lane has drawn of the client before stays. */
function joined(before: Client | undefined, { who, signIn, ended, at }: FactOf<'joined'>): Client {
  const track = (side: Side): Track => (before === undefined ? newTrack(at) : turned(before[side], 'closed', at));
  return {
    who,
    signIn,
    joinedAt: at,
    endsAt: null,
    ended: ended === null ? null : { at, why: ended },
    roleLostAt: null,
    keepsRole: false,
    sends: track('sends'),
    receives: track('receives'),
    renewals: before?.renewals ?? [],
    losses: before?.losses ?? [],
    lost: 0,
    reconnects: 0,
    answered: 0,
    refused: 0,
    heard: 0,
    turnedAway: null,
  };
}

/** A sign-out ends one sign-in; everything else ends all of them. */
const concerns = (why: End, { signIn }: Client): boolean => why !== 'sign-out' || signIn === 'first';

function endedBy(client: Client, why: End, at: number): Client {
  if (why === 'lost-role') return { ...client, roleLostAt: client.roleLostAt ?? at };
  if (client.ended !== null) return client;
  return withoutRight({ ...client, ended: { at, why } });
}

/** Something has shown that the connection was served at `provenAt`. */
function used(client: Client, side: Side, provenAt: number, at: number): Client {
  const track = client[side];
  if (!isOpen(track)) return client;
  const served = { ...track, servedAt: Math.max(track.servedAt ?? 0, provenAt) };
  const end = rightEndsAt(client);
  if (provenAt > end + TOLERATED)
    return { ...client, [side]: track.kind === 'refused' ? turned(served, 'stale', at) : since(served, 'stale') };
  const byRole = side === 'sends' && client.keepsRole;
  return { ...client, [side]: at < end && !byRole ? turned(served, 'entitled', at) : served };
}

/** The whole present segment turns out to be of this kind. */
const since = (track: Track, kind: Track['kind']): Track => ({ ...track, kind });

/** A message that needs the role was handled. */
function actedByRole(client: Client, sentAt: number): Client {
  const { roleLostAt, sends } = client;
  if (roleLostAt === null || sentAt <= roleLostAt + TOLERATED || !isOpen(sends)) return client;
  return { ...client, keepsRole: true, sends: { ...turned(sends, 'stale', roleLostAt), servedAt: sentAt } };
}

/** A message that needs the role was refused, as it should be for somebody without it. */
const withoutRole = (client: Client, at: number): Client =>
  client.keepsRole && rightEndsAt(client) > at
    ? { ...client, keepsRole: false, sends: turned(client.sends, 'entitled', at) }
    : { ...client, keepsRole: false };
