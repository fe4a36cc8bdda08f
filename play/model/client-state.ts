import { type End, type FactOf, type Nodes, type Side, sides, type Who } from './facts.ts';
import { isOpen, newTrack, type Track, turned } from './track.ts';

/** One client of a lane. Times are in ms. */
export interface Client {
  readonly who: Who;
  readonly signIn: number;
  readonly joinedAt: number;
  /** The node of each connection; undefined if there is only one. */
  readonly nodes?: Nodes | undefined;
  /** When its credential ends; null where nothing tells. */
  readonly endsAt: number | null;
  /** When and how its access was ended; null while it may be served. */
  readonly ended: { readonly at: number; readonly askedAt: number; readonly why: End } | null;
  readonly roleLostAt: number | null;
  /** It still acts by the role that it has lost. */
  readonly keepsRole: boolean;
  /** After which end it was served last though it should not have been. */
  readonly servedAfter: End | 'expiry' | null;
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

/** Uses that are later than this after an end show that the connection is still served, in ms: connections take a moment to be closed. */
export const TOLERATED = 200;
/**
 * How long a connection may receive after its credential has expired, in ms: it is being renewed. The hardened strategies have
 * this as `renewalGrace`; they refuse its messages meanwhile.
 */
export const GRACE = 1000;
/** Marks that are kept of each kind. */
export const MOST_MARKS = 150;

/** When a client's right to be served ends, in ms; Infinity where it does not. */
export const rightEndsAt = ({ endsAt, ended }: Client): number =>
  Math.min(endsAt ?? Infinity, ended === null || ended.why === 'lost-role' ? Infinity : ended.at);

export const hasEntitled = (client: Client): boolean => sides.some((side) => client[side].kind === 'entitled');

export const withoutRight = (client: Client): Client =>
  eachTrack(client, (track) => (track.kind === 'entitled' ? turned(track, 'unproven', rightEndsAt(client)) : track));

export const eachTrack = (client: Client, change: (track: Track) => Track): Client => ({
  ...client,
  sends: change(client.sends),
  receives: change(client.receives),
});

export const marked = (marks: readonly number[], at: number): readonly number[] => [...marks, at].slice(-MOST_MARKS);

/** The bars of the client's earlier connections stay. */
export function joined(before: Client | undefined, { who, signIn, ended, nodes, at }: FactOf<'joined'>): Client {
  const track = (side: Side): Track => (before === undefined ? newTrack(at) : turned(before[side], 'closed', at));
  return {
    who,
    signIn,
    joinedAt: at,
    nodes,
    endsAt: null,
    ended: ended === null ? null : { at, askedAt: at, why: ended },
    roleLostAt: null,
    keepsRole: false,
    servedAfter: null,
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

export const concerns = ({ signIn }: FactOf<'ended'>, client: Client): boolean =>
  signIn === undefined || client.signIn === signIn;

export function endedBy(client: Client, { why, askedAt, at }: FactOf<'ended'>): Client {
  if (why === 'lost-role') return { ...client, roleLostAt: client.roleLostAt ?? at };
  if (client.ended !== null) return client;
  return withoutRight({ ...client, ended: { at, askedAt, why } });
}

/** Something has shown that the connection was served at `provenAt`. */
export function used(client: Client, side: Side, provenAt: number, at: number): Client {
  const track = client[side];
  if (!isOpen(track)) return client;
  const served = { ...track, servedAt: Math.max(track.servedAt ?? 0, provenAt) };
  const end = rightEndsAt(client);
  const byTime = end === client.endsAt;
  if (provenAt > end + TOLERATED + (byTime && side === 'receives' ? GRACE : 0)) {
    const stale = track.kind === 'unproven' ? since(served, 'stale') : turned(served, 'stale', at);
    return { ...client, [side]: stale, servedAfter: byTime ? 'expiry' : (client.ended?.why ?? 'expiry') };
  }
  const byRole = side === 'sends' && client.keepsRole;
  return { ...client, [side]: at < end && !byRole ? turned(served, 'entitled', at) : served };
}

/** The whole present segment turns out to be of this kind. */
const since = (track: Track, kind: Track['kind']): Track => ({ ...track, kind });

/** A message that needs the role was handled. */
export function actedByRole(client: Client, sentAt: number): Client {
  const { roleLostAt, sends } = client;
  if (roleLostAt === null || sentAt <= roleLostAt + TOLERATED || !isOpen(sends)) return client;
  return {
    ...client,
    keepsRole: true,
    servedAfter: 'lost-role',
    sends: { ...turned(sends, 'stale', roleLostAt), servedAt: sentAt },
  };
}

/** A message that needs the role was refused, as it should be for somebody without it. */
export const withoutRole = (client: Client, at: number): Client =>
  client.keepsRole && rightEndsAt(client) > at
    ? { ...client, keepsRole: false, sends: turned(client.sends, 'entitled', at) }
    : { ...client, keepsRole: false };
