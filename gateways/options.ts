import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { namesAddress, peerAddress } from './addresses.ts';
import { securityLog } from './bounded-log.ts';
import { heeding } from './heeding.ts';
import { requireDurations, requireLimits } from './option-values.ts';
import { type Origins, requireOrigins } from './origins.ts';
import {
  type Clock,
  ConfigurationError,
  defaultLifetimes,
  defaultSignInLimits,
  type KeyRing,
  type Lifetimes,
  memoryStores,
  type Report,
  type SignInLimits,
  type Stores,
  type StrategyOptions,
  systemClock,
  type UserDirectory,
  type VariantName,
  variantNames,
} from '../strategies/strategy.ts';

/** Each can be switched off alone, with `false`. */
export interface Limits extends SignInLimits {
  /**
   * Events per second that one connection may send; a burst of twice as many passes. More are refused as
   * `too-many-events`. After twice the limit in refusals, the transport is closed. A tenth of the limit in refusals is
   * forgiven each second.
   */
  readonly eventsPerSecond: number | false;
  /**
   * Events per second that all connections of one address may send together; a burst of half as many passes. More are
   * refused as `too-many-events`, and count among the refusals of their connection. Default: 250, or 5 times
   * `eventsPerSecond` if that is more; `false` if that is `false`.
   */
  readonly eventsPerSecondPerAddress: number | false;
  /**
   * Packets of any kind per second that one transport may send: events, acks, CONNECTs, pings, pongs. A burst of 10
   * times as many passes. A packet counts 1, plus 1 for each full 4 KiB. Before the first namespace is joined, one
   * second's worth is the total. Default: 250, or 5 times `eventsPerSecond` if that is more; `false` if that is `false`.
   */
  readonly packetsPerSecond: number | false;
  /** CONNECT packets that one transport may send in its life. */
  readonly connectsPerTransport: number | false;
  /**
   * Open transports of this node, counted from the upgrade. A transport that joined no namespace, or was closed for
   * flooding or not reading, counts for 10 to 20 more seconds.
   */
  readonly transports: number | false;
  /**
   * Open transports per address, counted from the upgrade. Default: 250, or 1.25 times `connectionsPerAddress` if that is
   * more; `false` if that is `false`. The margin lets a client over that limit get a `connect_error`.
   */
  readonly transportsPerAddress: number | false;
  /** Open and pending connections per address, on this node. */
  readonly connectionsPerAddress: number | false;
  /** Open connections per user, on this node. */
  readonly connectionsPerUser: number | false;
  /**
   * Bytes that may wait for a client that does not read; more cuts it as `too-slow`. One larger packet may pass if nothing
   * else waits. Raise it if the application sends more at once.
   */
  readonly unsentBytes: number | false;
}

export const defaultLimits: Limits = {
  ...defaultSignInLimits,
  eventsPerSecond: 50,
  eventsPerSecondPerAddress: 250,
  packetsPerSecond: 250,
  connectsPerTransport: 20,
  transports: 20_000,
  transportsPerAddress: 250,
  connectionsPerAddress: 200,
  connectionsPerUser: 20,
  unsentBytes: 256 * 1024,
};

export const noLimits: Limits = {
  failedSignInsPerAccount: false,
  failedSignInsPerAddress: false,
  eventsPerSecond: false,
  eventsPerSecondPerAddress: false,
  packetsPerSecond: false,
  connectsPerTransport: false,
  transports: false,
  transportsPerAddress: false,
  connectionsPerAddress: false,
  connectionsPerUser: false,
  unsentBytes: false,
};

export const exceeds = (count: number, limit: number | false): boolean => limit !== false && count > limit;

function resolveLimits(given: Partial<Limits> | false = {}): Limits {
  if (given === false) return noLimits;
  const limits = requireLimits({ ...defaultLimits, ...withoutUndefined(given) });
  return {
    ...limits,
    eventsPerSecondPerAddress:
      given.eventsPerSecondPerAddress ?? atLeast(defaultLimits.eventsPerSecondPerAddress, limits.eventsPerSecond, 5),
    packetsPerSecond: given.packetsPerSecond ?? atLeast(defaultLimits.packetsPerSecond, limits.eventsPerSecond, 5),
    transportsPerAddress:
      given.transportsPerAddress ?? atLeast(defaultLimits.transportsPerAddress, limits.connectionsPerAddress, 1.25),
  };
}

/** A limit that leaves room for another one: so many times that one, and no less than `least`. */
const atLeast = (least: number | false, other: number | false, times: number): number | false =>
  least === false || other === false ? false : Math.max(least, Math.ceil(other * times));

export interface WsAuthOptions {
  /** Signs tokens or cookies: at least 32 bytes. There is no default. */
  readonly secret: string;
  /** Signs and verifies tokens in the secret's place: ES256, or keys that rotate. */
  readonly keys?: KeyRing;
  readonly directory: UserDirectory;
  /** `hardened` unless told otherwise. */
  readonly variant?: VariantName;
  readonly lifetimes?: Partial<Lifetimes>;
  /** Shared with the other nodes of the application; this process's memory unless told otherwise. */
  readonly stores?: Stores;
  /** Carries Socket.IO's broadcasts to the other nodes. */
  readonly adapter?: ServerOptions['adapter'];
  /**
   * Exact origins of the pages that may connect, such as `https://app.example`. Default: none. `'any'` allows every origin,
   * for native clients that send their own; it is refused for a strategy whose credential is a cookie.
   * Throws ConfigurationError `ERR_ORIGINS` at start if an entry is not an exact origin.
   */
  readonly origins?: Origins;
  /** `true` accepts binary attachments of events and acks: at most 10 per packet, 64 KiB together. Default: refused. */
  readonly attachments?: boolean;
  readonly limits?: Partial<Limits> | false;
  /** Over how long connections are told to move when the application closes, in ms; 0 (default): all are dropped at once. */
  readonly drainWindow?: number;
  /** How long an authenticator may take to decide, and a client to acknowledge a grant, in ms. */
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

/** The options with every default filled in. */
export interface ResolvedOptions extends Omit<StrategyOptions, 'origins'> {
  readonly origins: Origins;
  readonly attachments: boolean;
  readonly limits: Limits;
  readonly decisionTimeout: number;
  readonly drainWindow: number;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly adapter?: ServerOptions['adapter'];
  /** Writes what the default log still has to tell: the application closes. */
  readonly flushLog: () => void;
}

/** How long a transport may stay without any namespace, in ms. */
export const CONNECT_TIMEOUT = 10_000;

export const WS_AUTH_OPTIONS = Symbol('WsAuthOptions');

/**
 * Fills in the defaults. `hasCookie` returns whether the credential of a variant is a cookie.
 * @throws ConfigurationError `ERR_VARIANT`, `ERR_ORIGINS`, `ERR_LIMITS` or `ERR_LIFETIMES`: a typo must not select a weaker policy
 */
export function resolveOptions(given: WsAuthOptions, hasCookie: (variant: VariantName) => boolean): ResolvedOptions {
  const options = withoutUndefined(given);
  const { variant = 'hardened' } = options;
  if (!variantNames.includes(variant)) {
    throw new ConfigurationError(
      'ERR_VARIANT',
      `variant must be one of ${variantNames.join(', ')}; got ${JSON.stringify(variant)}`,
    );
  }
  const clock = options.clock ?? systemClock;
  const log = securityLog(clock);
  return {
    variant,
    attachments: false,
    stores: options.stores ?? memoryStores(clock),
    ...options,
    addressOf: namesAddress(options.addressOf ?? peerAddress()),
    ...requireDurations({ decisionTimeout: options.decisionTimeout ?? 10_000, drainWindow: options.drainWindow ?? 0 }),
    clock,
    origins: requireOrigins(options.origins ?? [], hasCookie(variant)),
    report: heeding(options.report ?? log.report),
    flushLog: log.flush,
    lifetimes: requireDurations({ ...defaultLifetimes, ...withoutUndefined(options.lifetimes ?? {}) }, 'lifetimes.'),
    limits: resolveLimits(options.limits),
  };
}

/** A key that is there and undefined is a key that was not given. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
