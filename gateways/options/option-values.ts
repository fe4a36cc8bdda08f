import { ConfigurationError } from '../../strategies/shared/errors.ts';

/** A key that is there and undefined is a key that was not given. */
export function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** These durations may be 0: what they allow is then never allowed. Any other of 0 would end what has just begun. */
const MAY_BE_ZERO = new Set(['renewalGrace', 'reuseGrace', 'sessionStaleness', 'directoryLag', 'drainWindow']);

/**
 * Stops the start where a limit could not be meant: one that is NaN would be no limit.
 * @throws ConfigurationError `ERR_LIMITS`
 */
export function requireLimits<T extends object>(limits: T): T {
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (value === false || (isFinite(value) && value >= 0)) continue;
    throw new ConfigurationError(
      'ERR_LIMITS',
      `limits.${name} must be false or a finite number from 0 on; got ${shown(value)}. ${fix(value, 'To switch the limit off, set it to false')}`,
    );
  }
  return limits;
}

/**
 * Stops the start where a duration could not be meant. `path` is put before each name.
 * @throws ConfigurationError `ERR_LIFETIMES`
 */
export function requireDurations<T extends object>(durations: T, path = ''): T {
  for (const [name, value] of Object.entries(durations) as [string, unknown][]) {
    const mayBeZero = MAY_BE_ZERO.has(name);
    if (isFinite(value) && (value > 0 || (mayBeZero && value === 0))) continue;
    const least = mayBeZero ? 'from 0 on' : 'above 0';
    throw new ConfigurationError(
      'ERR_LIFETIMES',
      `${path}${name} must be a finite number of milliseconds ${least}; got ${shown(value)}. ${fix(value, 'Leave it out for its default')}`,
    );
  }
  return durations;
}

const isFinite = (value: unknown): value is number => Number.isFinite(value);

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** NaN and strings come from the environment. */
const fix = (value: unknown, otherwise: string): string =>
  Number.isNaN(value) || typeof value === 'string'
    ? 'If it is read from an environment variable, check that the variable is set, and convert it with Number()'
    : otherwise;
