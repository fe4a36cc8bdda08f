import type { Locks } from './client/locks.ts';
import type { TokenStorage } from './client/token-storage.ts';

/** What a client is handed: JSON that the client half of the same strategy understands. */
export type IssuedCredential = Readonly<Record<string, unknown>>;

export interface ClientOptions {
  /** The origin of the server's HTTP endpoints, such as `https://api.example`. */
  readonly url: string;
  /** The path of its endpoints, if the server has another than `auth`. */
  readonly path?: string;
  /** Keeps the tokens over a reload, and shares them between tabs. Default: memory. */
  readonly storage?: TokenStorage;
  /** The one key of `storage` that is used. Default: `ws-auth:` and the address of the endpoints. */
  readonly storageKey?: string;
  /** Sends the HTTP requests. Default: the platform's own. */
  readonly fetch?: typeof fetch;
  /** Sent with each HTTP request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Lets one tab renew at a time. Default: `navigator.locks`; where there is none, this client alone takes turns. */
  readonly lock?: Locks;
}

export type CreateClient = (options: ClientOptions) => StrategyClient;

/** The client half of a strategy: it signs in, renews and signs out. `AuthSocket` connects with it. */
export interface StrategyClient {
  /** Gets what the first CONNECT needs, such as stored tokens. `AuthSocket.connect` calls it. @throws AuthError or ConnectionError */
  prepare?(): Promise<void>;
  /** Exchanges a password for a credential. Throws an `AuthError` with the refusal's code. */
  signIn(username: string, password: string): Promise<void>;
  /** What goes into `io(url, ...)`; read anew at each CONNECT. */
  connectOptions(): { auth?: Record<string, unknown>; extraHeaders?: Record<string, string> };
  /** Keeps what the server issued on connect or renewal. It is acknowledged once this is done. */
  accept?(issued: IssuedCredential): void | Promise<void>;
  /** Runs a renewal on the connection, from `renewal` to `accept`, while no other tab renews. Absent: at once. */
  exclusively?<T>(renewal: () => Promise<T>): Promise<T>;
  /** What to send with `auth:renew`, or a promise of it; undefined where renewal is not in band. */
  renewal?(): unknown;
  /** Gets a fresh credential over HTTP; false: only a new sign-in helps. */
  renew(): Promise<boolean>;
  /** Ends the credential on the server, as far as the strategy can. */
  signOut(options?: { everywhere?: boolean }): Promise<void>;
  /** When the credential in use ends, in ms since the epoch, as far as the client can know. */
  readonly expiresAt: number | undefined;
}
