import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { requireAddress, peerAddress } from '../limits/addresses.ts';
import { securityLog } from '../log/bounded-log.ts';
import { safeReport } from '../log/safe-report.ts';
import { type Limits, resolveLimits } from './limits.ts';
import { requireOptions } from './option-types.ts';
import { requireDurations, requireNames, withoutUndefined } from './option-values.ts';
import { type Origins, requireOrigins } from './origins.ts';
import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { memoryStores } from '../../strategies/shared/stores/memory/index.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import {
  type Clock,
  type KeyRing,
  type Lifetimes,
  type Report,
  type Stores,
  type StrategyOptions,
  type UserDirectory,
  type VariantName,
  variantNames,
} from '../../strategies/strategy.ts';

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
  /** `true` accepts binary attachments of events and acks: at most 10 per packet, 64 KiB together. Default: refused. */
  readonly attachments?: boolean;
  readonly limits?: Partial<Limits> | false;
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
 * @throws ConfigurationError `ERR_OPTIONS`, `ERR_VARIANT`, `ERR_ORIGINS`, `ERR_LIMITS` or `ERR_LIFETIMES`: a typo must not
 * select a weaker policy
 */
export function resolveOptions(given: WsAuthOptions, hasCookie: (variant: VariantName) => boolean): ResolvedOptions {
  requireOptions(given);
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
  requireNames(options.lifetimes ?? {}, Object.keys(defaultLifetimes), 'lifetimes.');
  return {
    variant,
    attachments: false,
    stores: options.stores ?? memoryStores(clock),
    ...options,
    addressOf: requireAddress(options.addressOf ?? peerAddress()),
    ...requireDurations({ decisionTimeout: options.decisionTimeout ?? 10_000, drainWindow: options.drainWindow ?? 0 }),
    clock,
    origins: requireOrigins(options.origins ?? [], hasCookie(variant)),
    report: safeReport(options.report ?? log.report),
    flushLog: log.flush,
    lifetimes: requireDurations({ ...defaultLifetimes, ...withoutUndefined(options.lifetimes ?? {}) }, 'lifetimes.'),
    limits: resolveLimits(options.limits),
  };
}
