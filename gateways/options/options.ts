import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { requireAddress, peerAddress } from '../limits/addresses.ts';
import { securityLog } from '../log/bounded-log.ts';
import { safeReport } from '../log/safe-report.ts';
import { type Limits, resolveLimits } from './limits.ts';
import type { WsAuthOptions } from './ws-auth-options.ts';
import { requireOptions } from './option-types.ts';
import { requireDurations, requireNames, withoutUndefined } from './option-values.ts';
import { type Origins, requireOrigins } from './origins.ts';
import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { memoryStores } from '../../strategies/shared/stores/memory/index.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import { firstOf, fromAuth } from '../../strategies/shared/access-tokens/index.ts';
import {
  type HttpEndpoints,
  type Principal,
  type Strategy,
  type StrategyOptions,
  variantNames,
} from '../../strategies/strategy.ts';

/** The options with every default filled in. */
export interface ResolvedOptions extends Omit<StrategyOptions, 'origins'> {
  readonly origins: Origins;
  readonly attachments: boolean;
  readonly limits: Limits;
  readonly decisionTimeout: number;
  readonly drainWindow: number;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly adapter?: ServerOptions['adapter'];
  readonly loadUser?: (principal: Principal) => unknown;
  /** No stores were given, so that this process alone knows who is signed in. */
  readonly storesInMemory: boolean;
  /** Writes what the default log still has to tell: the application closes. */
  readonly flushLog: () => void;
}

/** How long a transport may stay without any namespace, in ms. */
export const CONNECT_TIMEOUT = 10_000;

export const WS_AUTH_OPTIONS = Symbol('WsAuthOptions');

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
  const clock = options.clock ?? systemClock;
  const log = securityLog(clock);
  const extractors = options.extractToken ?? [fromAuth('token')];
  const hasCookie = strategy.variants[variant].supports.cookie || extractors.some(({ isCookie }) => isCookie);
  requireNames(options.lifetimes ?? {}, Object.keys(defaultLifetimes), 'lifetimes.');
  return {
    variant,
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

/** What the strategy of an application is told. Native clients may connect from any origin; pages may use cookies from those listed. */
export const strategyOptionsOf = ({ origins, ...options }: ResolvedOptions): StrategyOptions => ({
  ...options,
  origins: origins === 'any' ? [] : origins,
});

/** A credential of the application's own is for a strategy that takes it, and nobody signs in at the kit's endpoints then. */
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
        `With ${name} nobody signs in at the endpoints of the kit. Switch them off: pass http: false beside strategy`,
      );
    }
  }
}
