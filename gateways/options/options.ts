import type { ServerOptions } from 'socket.io';
import { requireAddress, peerAddress } from '../limits/addresses.ts';
import { securityLog } from '../log/bounded-log.ts';
import { safeReport } from '../log/safe-report.ts';
import { type Limits, resolveLimits } from './limits.ts';
import type { TransportName, WsAuthOptions } from './ws-auth-options.ts';
import { requireOptions } from './option-types.ts';
import { requireNames } from '../../strategies/shared/option-names.ts';
import { requireDurations, withoutUndefined } from './option-values.ts';
import { type Origins, requireOrigins } from './origins.ts';
import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { memoryStores } from '../../strategies/shared/stores/memory/index.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import { firstOf, fromAuth } from '../../strategies/shared/access-tokens/extract-token.ts';
import {
  type HttpEndpoints,
  type Principal,
  type Strategy,
  type StrategyOptions,
  type VariantName,
  variantNames,
} from '../../strategies/strategy.ts';

/** The options with every default filled in. */
export interface ResolvedOptions extends Omit<StrategyOptions, 'origins'> {
  readonly origins: Origins;
  readonly transports: readonly TransportName[];
  readonly attachments: boolean;
  readonly limits: Limits;
  readonly decisionTimeout: number;
  readonly drainWindow: number;
  readonly adapter?: ServerOptions['adapter'];
  readonly loadUser?: (principal: Principal) => unknown;
  /** True if no stores were given: sign-ins and revocations are kept in the memory of this process. */
  readonly storesInMemory: boolean;
  /** Writes what the default log still has to tell: the application closes. */
  readonly flushLog: () => void;
}

/** How long a transport may stay without any namespace, in ms. */
export const CONNECT_TIMEOUT = 10_000;

export const WS_AUTH_OPTIONS = Symbol('WsAuthOptions');

/** For injection: the `ResolvedOptions` of `WsAuthModule.forRoot`, in every module. */
export const ROOT_OPTIONS = Symbol('options of WsAuthModule.forRoot');

/**
 * Fills in the defaults.
 * @throws ConfigurationError `ERR_OPTIONS`, `ERR_VARIANT`, `ERR_ORIGINS`, `ERR_LIMITS` or `ERR_LIFETIMES`: a typo must not
 * select a weaker policy
 */
export function resolveOptions(given: WsAuthOptions, strategy: Strategy, http: HttpEndpoints | false): ResolvedOptions {
  requireOptions(given);
  const options = withoutUndefined(given);
  requireTaken(options, strategy, http);
  const { variant = 'hardened' } = options;
  if (!variantNames.includes(variant)) {
    throw new ConfigurationError(
      'ERR_VARIANT',
      `variant must be one of ${variantNames.join(', ')}; got ${JSON.stringify(variant)}`,
    );
  }
  if (options.maxSessionsPerUser !== undefined && variant !== 'hardened') {
    throw new ConfigurationError(
      'ERR_OPTIONS',
      `maxSessionsPerUser has no effect with the variant ${variant}, which ends no connection. Remove one of the two`,
    );
  }
  requireReadable(options, strategy, variant);
  const clock = options.clock ?? systemClock;
  const log = securityLog(clock);
  const extractors = options.extractToken ?? [fromAuth('token')];
  const hasCookie = strategy.variants[variant].supports.cookie || extractors.some(({ isCookie }) => isCookie);
  requireNames(options.lifetimes ?? {}, Object.keys(defaultLifetimes), 'lifetimes.');
  return {
    variant,
    transports: ['websocket'],
    attachments: false,
    stores: options.stores ?? memoryStores(clock),
    storesInMemory: options.stores === undefined,
    ...options,
    addressOf: requireAddress(options.addressOf ?? peerAddress()),
    ...requireDurations({ decisionTimeout: options.decisionTimeout ?? 10_000, drainWindow: options.drainWindow ?? 0 }),
    clock,
    origins: requireOrigins(options.origins ?? [], hasCookie),
    extractToken: firstOf(extractors),
    report: safeReport(options.report ?? log.report),
    flushLog: log.flush,
    lifetimes: requireDurations({ ...defaultLifetimes, ...withoutUndefined(options.lifetimes ?? {}) }, 'lifetimes.'),
    limits: resolveLimits(options.limits),
  };
}

/** The options for the strategy. With `any` origin, native clients may connect, but no page may use the cookie endpoints. */
export const strategyOptionsOf = ({ origins, ...options }: ResolvedOptions): StrategyOptions => ({
  ...options,
  origins: origins === 'any' ? [] : origins,
});

/** Refuses `extractToken` for a strategy that reads no token: it would have no effect. */
function requireReadable({ extractToken }: WsAuthOptions, { id, variants }: Strategy, variant: VariantName): void {
  const { credential, cookie } = variants[variant].supports;
  if (extractToken === undefined || (credential && !cookie)) return;
  throw new ConfigurationError(
    'ERR_OPTIONS',
    `The strategy ${id} reads no token, so extractToken has no effect. Remove extractToken, or use a strategy with access tokens`,
  );
}

/** Refuses `accessTokens` and `session` for a strategy that does not take them, and with the kit's sign-in endpoints on. */
function requireTaken(given: WsAuthOptions, { id, takes }: Strategy, http: HttpEndpoints | false): void {
  const own = (['accessTokens', 'session'] as const).filter((name) => given[name] !== undefined);
  for (const name of own) {
    if (name !== takes) {
      throw new ConfigurationError(
        'ERR_OPTIONS',
        `The strategy ${id} does not take ${name}. README.md says which ones do, under "You already have a login"`,
      );
    }
    if (http !== false) {
      throw new ConfigurationError(
        'ERR_OPTIONS',
        `With ${name}, the application signs its users in, not the kit. Switch the kit's endpoints off: pass http: false beside strategy`,
      );
    }
  }
}
