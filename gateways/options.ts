import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { logFailure, securityLog } from './bounded-log.ts';
import { peerAddress } from './addresses.ts';
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
   * Events a socket may send per second, on average over ten; what is over is refused. Ten seconds' worth of refusals,
   * less a tenth of the limit for each second, end its transport.
   */
  readonly eventsPerSecond: number | false;
  /**
   * Whatever a transport may send per second, on average over ten: events, acks, CONNECTs, pings and pongs. A packet
   * counts once for each 4 KiB of it that have begun. Unless given it follows `eventsPerSecond`: five times as many
   * where that is more than the default, none where it is off.
   */
  readonly packetsPerSecond: number | false;
  /** CONNECT packets that one transport may send in its life. */
  readonly connectsPerTransport: number | false;
  /**
   * Transports of this process, from the upgrade on. A place is kept for ten seconds after its transport has closed
   * where it joined no namespace, or was ended for what it sent or left unread.
   */
  readonly transports: number | false;
  /**
   * Transports per network address, from the upgrade on. Unless given it follows `connectionsPerAddress`: a quarter
   * more where that is more than the default, so that whoever is over that limit is told so; none where it is off.
   */
  readonly transportsPerAddress: number | false;
  /** Connections, open and pending, per network address. */
  readonly connectionsPerAddress: number | false;
  readonly connectionsPerUser: number | false;
  /**
   * Bytes that may wait for a client that does not read them; one packet that is larger may pass alone. Raise it where
   * the application sends more than this at once.
   */
  readonly unsentBytes: number | false;
}

export const defaultLimits: Limits = {
  ...defaultSignInLimits,
  eventsPerSecond: 50,
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
  const limits = { ...defaultLimits, ...withoutUndefined(given) };
  return {
    ...limits,
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
   * Exact origins that pages may connect from, such as `https://app.example`; none by default. `'any'` is for native
   * clients, whose Origin is their own choice, and for strategies whose credential is no cookie.
   */
  readonly origins?: Origins;
  /** Takes binary attachments of events and acks; they are refused unless this is true. */
  readonly attachments?: boolean;
  readonly limits?: Partial<Limits> | false;
  /** Over how long connections are told to move when the application closes, in ms; 0 (default): all are dropped at once. */
  readonly drainWindow?: number;
  /** How long an authenticator may take to decide, and a client to acknowledge a grant, in ms. */
  readonly decisionTimeout?: number;
  readonly clock?: Clock;
  /**
   * Takes what a security log keeps, each event. Unless given, JSON lines go to Nest's logger: in each minute the first
   * 5 of each kind of refusal and the first 20 of each kind of success, and then how many more there were.
   */
  readonly report?: Report;
  /**
   * Whom the limits per address and failed sign-ins count: the peer of the TCP connection unless given. Behind a proxy
   * that is the proxy, for all clients: name the client by what your proxy alone can set.
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
 * Fills in what was not given. `hasCookie` says of a variant whether its credential is a cookie.
 * @throws ConfigurationError where the variant is none, since a slip must not pick the weaker policy, or where an
 * origin is none
 */
export function resolveOptions(given: WsAuthOptions, hasCookie: (variant: VariantName) => boolean): ResolvedOptions {
  const options = withoutUndefined(given);
  const { variant = 'hardened' } = options;
  if (!variantNames.includes(variant)) {
    throw new ConfigurationError(
      'ERR_VARIANT',
      `Cannot start with this variant; there are: ${variantNames.join(', ')}`,
    );
  }
  const clock = options.clock ?? systemClock;
  const log = securityLog(clock);
  return {
    variant,
    attachments: false,
    decisionTimeout: 10_000,
    drainWindow: 0,
    stores: options.stores ?? memoryStores(clock),
    addressOf: peerAddress(),
    ...options,
    clock,
    origins: requireOrigins(options.origins ?? [], hasCookie(variant)),
    report: heeding(options.report ?? log.report),
    flushLog: log.flush,
    lifetimes: { ...defaultLifetimes, ...withoutUndefined(options.lifetimes ?? {}) },
    limits: resolveLimits(options.limits),
  };
}

/** A report that fails decides nothing. */
const heeding =
  (report: Report): Report =>
  (event) => {
    try {
      report(event);
    } catch (error) {
      logFailure('Security', 'A security event could not be reported', error);
    }
  };

/** A key that is there and undefined is a key that was not given. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
