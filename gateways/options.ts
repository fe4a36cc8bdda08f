import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { ServerOptions } from 'socket.io';
import { nameOf } from './decision.ts';
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
  /** Events a socket may send per second, on average over ten; ten seconds' worth of refusals end it. */
  readonly eventsPerSecond: number | false;
  /** CONNECT packets that one transport may send in its life. */
  readonly connectsPerTransport: number | false;
  /** Connections, open and pending, per network address. */
  readonly connectionsPerAddress: number | false;
  readonly connectionsPerUser: number | false;
}

export const defaultLimits: Limits = {
  ...defaultSignInLimits,
  eventsPerSecond: 50,
  connectsPerTransport: 20,
  connectionsPerAddress: 200,
  connectionsPerUser: 20,
};

export const noLimits: Limits = {
  failedSignInsPerAccount: false,
  failedSignInsPerAddress: false,
  eventsPerSecond: false,
  connectsPerTransport: false,
  connectionsPerAddress: false,
  connectionsPerUser: false,
};

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
  /** Exact origins that browsers may connect from, such as `https://app.example`. None by default. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits> | false;
  /** Over how long connections are told to move when the application closes, in ms; 0 (default): all are dropped at once. */
  readonly drainWindow?: number;
  /** How long an authenticator may take to decide, and a client to acknowledge a grant, in ms. */
  readonly decisionTimeout?: number;
  readonly clock?: Clock;
  /** Takes what a security log keeps; a JSON line for each goes to Nest's logger unless told otherwise. */
  readonly report?: Report;
  /** Whom `connectionsPerAddress` and failed sign-ins count: the peer of the TCP connection, unless a proxy that you trust names another. */
  readonly addressOf?: (request: IncomingMessage) => string;
}

/** The options with every default filled in. */
export interface ResolvedOptions extends StrategyOptions {
  readonly origins: readonly string[];
  readonly limits: Limits;
  readonly decisionTimeout: number;
  readonly drainWindow: number;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly adapter?: ServerOptions['adapter'];
}

/** How long a transport may stay without any namespace, in ms. */
export const CONNECT_TIMEOUT = 10_000;

export const WS_AUTH_OPTIONS = Symbol('WsAuthOptions');

/** @throws ConfigurationError where the variant is none: a slip shall not pick the weaker policy */
export function resolveOptions(given: WsAuthOptions): ResolvedOptions {
  const options = withoutUndefined(given);
  const { variant = 'hardened' } = options;
  if (!variantNames.includes(variant)) {
    throw new ConfigurationError(
      'ERR_VARIANT',
      `Cannot start with this variant; there are: ${variantNames.join(', ')}`,
    );
  }
  const clock = options.clock ?? systemClock;
  return {
    variant: 'hardened',
    origins: [],
    decisionTimeout: 10_000,
    drainWindow: 0,
    stores: options.stores ?? memoryStores(clock),
    addressOf: ({ socket }) => socket.remoteAddress ?? 'unknown',
    ...options,
    clock,
    report: heeding(options.report ?? logged),
    lifetimes: { ...defaultLifetimes, ...withoutUndefined(options.lifetimes ?? {}) },
    limits: options.limits === false ? noLimits : { ...defaultLimits, ...withoutUndefined(options.limits ?? {}) },
  };
}

const logger = new Logger('Security');
const logged: Report = (event) => {
  const line = JSON.stringify(event);
  if (event.code === undefined) logger.log(line);
  else logger.warn(line);
};

/** A report that fails decides nothing. */
const heeding =
  (report: Report): Report =>
  (event) => {
    try {
      report(event);
    } catch (error) {
      logger.error(`A security event could not be reported: ${nameOf(error)}`);
    }
  };

/** A key that is there and undefined is a key that was not given. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
