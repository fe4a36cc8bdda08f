import type { ConnectionState } from './connection-state.ts';
import type { WireOptions } from './wire.ts';

export interface AuthSocketOptions extends WireOptions {
  /** Renews, reconnects and retries by itself. Default: `true`. With `false`, only `renew()` renews, and a loss ends it. */
  readonly recover?: boolean;
  /** Connects as a guest if the client has no credential: to a public namespace. Default: `false`. */
  readonly guest?: boolean;
  /** Called with each state, from the first CONNECT on. */
  readonly onState?: (state: ConnectionState) => void;
  /** Closes the connection when it aborts, also while it is being opened. */
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  /** Send the event once more if no answer came: the server may handle it twice. Default: `false`. */
  readonly retry?: boolean;
}

/** What happened to a connection, counted. */
export interface AuthSocketCounters {
  renewals: number;
  reconnects: number;
  retries: number;
}
