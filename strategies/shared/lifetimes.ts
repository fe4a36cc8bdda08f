/** Every duration in milliseconds. What it ends, ends on a whole second, rounded down. */
export interface Lifetimes {
  readonly accessToken: number;
  readonly refreshToken: number;
  /** The token minted at the handshake for the connection's whole life. */
  readonly wsToken: number;
  /** A session ends after this long without activity. */
  readonly sessionIdle: number;
  /** No sign-in outlives this, however often it is renewed (hardened variants). */
  readonly absolute: number;
  /** How long a connection may go on unrenewed after its credential expired; its messages are refused meanwhile. */
  readonly renewalGrace: number;
  /**
   * How long the immediate predecessor of a refresh token still gets the same answer: longer than a client waits for one
   * and backs off before it asks again, and than a failover of the store takes.
   */
  readonly reuseGrace: number;
  /** A session is read from its store again once it was read this long ago. */
  readonly sessionStaleness: number;
  /**
   * How long another node's directory may lag behind a ban or a change of roles. During this time the store decides: the
   * ban holds until `unbanned` is reported, and the last published roles count. Set it longer than your directory
   * replicates or caches.
   */
  readonly directoryLag: number;
}

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

export const defaultLifetimes: Lifetimes = {
  accessToken: 5 * minute,
  refreshToken: 14 * day,
  wsToken: 30 * day,
  sessionIdle: 30 * minute,
  absolute: 30 * day,
  renewalGrace: second,
  reuseGrace: 30 * second,
  sessionStaleness: second,
  directoryLag: 15 * minute,
};

/** No credential that is handed out now lives longer, in ms. */
export const longestCredential = ({ absolute, accessToken, refreshToken, wsToken }: Lifetimes): number =>
  Math.max(absolute, accessToken, refreshToken, wsToken);

/** Rounds down to the whole second that a JWT's `exp` and a cookie's `Expires` can say. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
