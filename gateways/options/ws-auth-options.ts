import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import type {
  Clock,
  KeyRing,
  Lifetimes,
  Principal,
  Report,
  Stores,
  ExternalSession,
  TokenExtractor,
  TokenVerifier,
  UserDirectory,
  VariantName,
} from '../../strategies/strategy.ts';
import type { Limits } from './limits.ts';
import type { Origins } from './origins.ts';

/** How a client may connect: by a WebSocket, or by HTTP requests that wait for an answer. */
export type TransportName = 'websocket' | 'polling';

/** What an application sets. */
export interface WsAuthOptions {
  /** Signs tokens or cookies: at least 32 bytes. There is no default. It is required only if the kit signs something. */
  readonly secret?: string | undefined;
  /** Signs and verifies tokens in the secret's place: ES256, or keys that rotate. */
  readonly keys?: KeyRing;
  /** Finds your users. Optional with `accessTokens` or `session`, because the kit then signs nobody in. */
  readonly directory?: UserDirectory;
  /**
   * Verifies access tokens that your application or an identity provider issues. They replace the kit's own. Make it with
   * `bearer`, `oidc` or `introspection`. A strategy that does not take it stops the start with a ConfigurationError. A token
   * that was issued more than `lifetimes.absolute` ago (30 days) is refused, because revocations are kept only for that long.
   * @example accessTokens: bearer({ verify: (token) => jwt.verifyAsync(token) })
   */
  readonly accessTokens?: TokenVerifier;
  /**
   * The sessions of your application, such as express-session with or without passport. They replace the kit's own. Only the
   * strategy `session` takes it.
   * @example session: { middleware: expressSession, user: (request) => request.session.user }
   */
  readonly session?: ExternalSession;
  /**
   * The places of the access token in a handshake. The first token found is used. Default: `[fromAuth('token')]`.
   * @example extractToken: [fromAuth('token'), fromHeader()]
   */
  readonly extractToken?: readonly TokenExtractor[];
  /**
   * Loads the user data that your handlers need, before CONNECT is accepted. The result is in `client.data.user` before the
   * first hook runs. If it throws, the CONNECT is refused as `unavailable`. Its time counts towards `decisionTimeout`.
   * @example loadUser: ({ subject }) => users.profile(subject)
   */
  readonly loadUser?: (principal: Principal) => unknown;
  /** Default: `hardened`. `as-published` does only what the article describes; use it for comparisons. */
  readonly variant?: VariantName;
  /** Durations in ms. One that is left out keeps its default. */
  readonly lifetimes?: Partial<Lifetimes>;
  /**
   * Sessions, refresh families, revocations and failed sign-ins. Several nodes must share them: pass what `redisStores()` returns.
   * Default: the memory of this process, so that a restart ends every sign-in.
   */
  readonly stores?: Stores;
  /**
   * Carries Socket.IO's broadcasts to the other nodes. Without `stores`, it stops the start with ConfigurationError `ERR_OPTIONS`,
   * because broadcasts would reach the other nodes, and revocations would not.
   */
  readonly adapter?: ServerOptions['adapter'];
  /**
   * Exact origins of the pages that may connect, such as `https://app.example`. Default: none. `'any'` allows every origin,
   * for native clients that send their own; it is refused for a strategy whose credential is a cookie.
   * Throws ConfigurationError `ERR_ORIGINS` at start if an entry is not an exact origin.
   */
  readonly origins?: Origins;
  /**
   * How clients may connect. Default: `['websocket']`. With `'polling'`, clients may also use HTTP long polling. A load
   * balancer must then send all requests of a client to the same node. A client that changes its address has to reconnect.
   * @example transports: ['polling', 'websocket']
   */
  readonly transports?: readonly TransportName[];
  /** `true` accepts binary attachments of events and acks: at most 10 per packet, 64 KiB together. Default: refused. */
  readonly attachments?: boolean;
  /** What one client, address or user may use up. A limit that is left out keeps its default; `false` switches all off. */
  readonly limits?: Partial<Limits> | false;
  /**
   * How many sessions one user may have, 1 to 100, on all nodes that share the stores. If a user signs in once more, the oldest
   * session ends with `signed-in-elsewhere`. A session is a sign-in of the kit, or the `sessionId` of another issuer's token or
   * of your own session. A token without a `sessionId` is a session of its own, together with the tokens that renew it on the
   * connection, at most 100 at a time. The kit's sign-ins are ordered by their sign-in, others by their first connection; the store decides the order.
   * A session counts until it is revoked or signed out, or until `lifetimes.absolute`. It needs the variant `hardened`.
   */
  readonly maxSessionsPerUser?: number;
  /**
   * When the application closes, its connections are told to reconnect one after the other, over so many ms. Default: 0, which
   * drops all at once. It needs Nest's `enableShutdownHooks()`.
   */
  readonly drainWindow?: number;
  /** How long the strategy may take to decide, and a client to acknowledge an issued credential, in ms. Default: 10,000. */
  readonly decisionTimeout?: number;
  /** The time of the application. With `redisStores`, pass `stores.clock`. Default: the time of day, which never steps back. */
  readonly clock?: Clock;
  /**
   * Receives every security event. Default: JSON lines to Nest's logger. Per minute, it writes the first 10 successes of each
   * event, and the first 5 refusals of each event, code and network. Stolen tokens and banned users are counted by subject
   * instead. Then one line `{ event, code, network or subject, at, notWritten }` counts the rest of each.
   */
  readonly report?: Report;
  /**
   * The client's address, by which the limits per address and the failed sign-ins are counted. Default: the peer of the
   * TCP connection, which is the proxy if there is one. Called for upgrades and for HTTP sign-ins.
   * @example addressOf: ({ headers }) => String(headers['x-real-ip']) // nginx: proxy_set_header X-Real-IP $remote_addr;
   */
  readonly addressOf?: (request: IncomingMessage) => string;
}
