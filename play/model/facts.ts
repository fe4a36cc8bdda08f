/**
 * The clients of a lane: the user's first one, a second tab with the same credential, a second device with a sign-in of its
 * own, and a thief who has copied the first one's credential and renews nothing.
 */
export const whos = ['you', 'tab', 'device', 'thief'] as const;
export type Who = (typeof whos)[number];

/** Each client has two connections: one sends messages, and the other receives notifications. */
export const sides = ['sends', 'receives'] as const;
export type Side = (typeof sides)[number];

/** The node of the connection that sends, and that of the one that receives; counted from 1. */
export type Nodes = Readonly<Record<Side, number>>;

/** How the user's access was ended, or one role of it. */
export const ends = ['sign-out', 'sign-out-everywhere', 'ban', 'lost-role'] as const;
export type End = (typeof ends)[number];

type What =
  /** The lane begins anew. */
  | { readonly is: 'reset' }
  | { readonly is: 'server'; readonly up: boolean }
  | { readonly is: 'network'; readonly up: boolean }
  | { readonly is: 'redis'; readonly up: boolean }
  /** A client is about to connect. What was known of it before is over. `ended`: its access had been ended before. */
  | {
      readonly is: 'joined';
      readonly who: Who;
      /** The sign-in that its credential comes from, counted from 1. Clients of one sign-in share what ends it. */
      readonly signIn: number;
      readonly ended: End | null;
      /** The node of each connection; undefined if there is only one. */
      readonly nodes?: Nodes | undefined;
    }
  /** The end of its credential; null where nothing tells. */
  | { readonly is: 'credential'; readonly who: Who; readonly endsAt: number | null }
  /** It could not sign in, or connect. */
  | { readonly is: 'turned-away'; readonly who: Who; readonly code: string }
  | { readonly is: 'opened'; readonly who: Who; readonly side: Side }
  | { readonly is: 'closed'; readonly who: Who; readonly side: Side; readonly code: string | null }
  /** It is closed, and its client does not come back by itself. */
  | { readonly is: 'over'; readonly who: Who; readonly side: Side; readonly code: string }
  /** A message that was sent at `sentAt` was handled; `role`: one that needs the role. */
  | { readonly is: 'answered'; readonly who: Who; readonly sentAt: number; readonly role: boolean }
  | { readonly is: 'refused'; readonly who: Who; readonly code: string; readonly role: boolean }
  /**
   * A notification that was pushed at `pushedAt` has arrived; so many before it never did. `renewing`: a renewal is under way,
   * and its connection rightly stays until that is decided.
   */
  | {
      readonly is: 'heard';
      readonly who: Who;
      readonly pushedAt: number;
      readonly lost: number;
      readonly renewing?: boolean;
    }
  /** The client has exchanged its credential for a fresh one. */
  | { readonly is: 'renewed'; readonly who: Who }
  /** The user's access has been ended, as somebody asked at `askedAt`. `signIn`: only that of this sign-in. */
  | { readonly is: 'ended'; readonly why: End; readonly askedAt: number; readonly signIn?: number };

/** One thing that happened in a lane. Times are in ms since the page's servers began to start. */
export type Fact = What & { readonly at: number };

export type FactOf<T extends Fact['is']> = Extract<Fact, { is: T }>;
