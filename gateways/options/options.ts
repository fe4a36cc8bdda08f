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
import { type StrategyOptions, type VariantName, variantNames } from '../../strategies/strategy.ts';

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
