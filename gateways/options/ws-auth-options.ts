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
  /** `hardened` unless told otherwise. */
  readonly variant?: VariantName;
  readonly lifetimes?: Partial<Lifetimes>;
  /** Shared with the other nodes of the application; this process's memory unless told otherwise. */
  readonly stores?: Stores;
  /**
   * Carries Socket.IO's broadcasts to the other nodes. Throws ConfigurationError `ERR_OPTIONS` at start without `stores`:
   * broadcasts would reach the other nodes, and revocations would not.
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
  readonly limits?: Partial<Limits> | false;
  /**
   * How many sessions one user may have, 1 to 100, on all nodes that share the stores. If a user signs in once more, the oldest
   * session ends with `signed-in-elsewhere`. A session is a sign-in of the kit, or the `sessionId` of another issuer's token or
   * of your own session. A token without a `sessionId` is a session of its own, together with the tokens that renew it on the
   * connection, at most 100 at a time. The kit's sign-ins are ordered by their sign-in, others by their first connection; the store decides the order.
   * A session counts until it is revoked or signed out, or until `lifetimes.absolute`. It needs the variant `hardened`.
   */
  readonly maxSessionsPerUser?: number;
  /** Over how long connections are told to move when the application closes, in ms; 0 (default): all are dropped at once. */
  readonly drainWindow?: number;
  /** How long an authenticator may take to decide, and a client to acknowledge an issued credential, in ms. */
  readonly decisionTimeout?: number;
  readonly clock?: Clock;
  /**
   * Receives every security event. Default: JSON lines to Nest's logger, per minute the first 10 successes of an event, and
   * the first 5 refusals of an event, code and network (of an event, code and subject, for a stolen token or a banned
   * user). Then one line `{ event, code, network or subject, at, notWritten }` counts the rest of each.
   */
  readonly report?: Report;
  /**
   * The client's address, by which the limits per address and the failed sign-ins are counted. Default: the peer of the
   * TCP connection, which is the proxy if there is one. Called for upgrades and for HTTP sign-ins.
   * @example addressOf: ({ headers }) => String(headers['x-real-ip']) // nginx: proxy_set_header X-Real-IP $remote_addr;
   */
  readonly addressOf?: (request: IncomingMessage) => string;
}
