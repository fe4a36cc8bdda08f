import { makers } from '../../strategies/shared/access-tokens/extract-token.ts';
import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { MOST_SESSIONS } from '../../strategies/shared/accounts/session-limit.ts';
import type { WsAuthOptions } from './ws-auth-options.ts';
import { requireNames, wrongOption } from '../../strategies/shared/option-names.ts';

type Check = readonly [rule: string, holds: (value: unknown) => boolean];

const isFunction = (value: unknown): boolean => typeof value === 'function';
const hasMembers =
  (type: 'function' | 'object', ...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === type);

const isMiddleware = (value: unknown): boolean =>
  isFunction(value) || (Array.isArray(value) && value.length > 0 && value.every(isFunction));

function isSession(value: unknown): boolean {
  if (!hasMembers('function', 'user')(value)) return false;
  requireNames(value, ['middleware', 'user', 'recheck'], 'session.');
  const { middleware, recheck = 1 } = value as { middleware?: unknown; recheck?: unknown };
  return isMiddleware(middleware) && Number.isFinite(recheck) && (recheck as number) > 0;
}

const FUNCTION: Check = ['a function', isFunction];
/** Another check of the start refuses what could not be meant, by a code of its own. */
const ELSEWHERE: Check = ['', () => true];

/** Every option, and what it must be. */
const checks: Readonly<Record<keyof WsAuthOptions, Check>> = {
  secret: ELSEWHERE,
  keys: ['a KeyRing', hasMembers('object')],
  accessTokens: ['what bearer(), oidc() or introspection() returns', hasMembers('function', 'verify')],
  session: [
    'an object with middleware and user, such as { middleware: expressSession, user: (request) => request.session.user }',
    isSession,
  ],
  extractToken: [
    'a list of functions, such as [fromAuth(), fromHeader()]',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((one) => isFunction(one) && !makers.includes(one)),
  ],
  directory: [
    'an object with the methods verifyPassword, find and onChange',
    hasMembers('function', 'verifyPassword', 'find', 'onChange'),
  ],
  variant: ELSEWHERE,
  lifetimes: ['an object of durations in ms', hasMembers('object')],
  stores: [
    'an object with revocations, families, sessions, attempts and signIns, such as redisStores() returns',
    hasMembers('object', 'revocations', 'families', 'sessions', 'attempts', 'signIns'),
  ],
  adapter: ['a Socket.IO adapter, such as redisAdapter() returns', isFunction],
  origins: ELSEWHERE,
  transports: [
    'a list of "websocket" and "polling", such as ["polling", "websocket"]',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((one) => one === 'websocket' || one === 'polling'),
  ],
  maxSessionsPerUser: [
    `a whole number from 1 to ${MOST_SESSIONS}`,
    (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_SESSIONS,
  ],
  attachments: ['true or false', (value) => typeof value === 'boolean'],
  limits: ['false or an object', (value) => value === false || hasMembers('object')(value)],
  drainWindow: ELSEWHERE,
  decisionTimeout: ELSEWHERE,
  clock: ['an object with the methods now and schedule', hasMembers('function', 'now', 'schedule')],
  report: FUNCTION,
  addressOf: FUNCTION,
  loadUser: FUNCTION,
};

/**
 * Stops the start where an option is misspelled or of another type, or where nodes would share broadcasts alone.
 * @throws ConfigurationError `ERR_OPTIONS`
 */
export function requireOptions(given: WsAuthOptions): void {
  requireNames(given, Object.keys(checks));
  for (const [name, [rule, holds]] of Object.entries(checks)) {
    const value = given[name as keyof WsAuthOptions];
    // Only the directory is required here. It is not needed either if the application signs its users in by itself.
    const isNeeded = name === 'directory' && given.accessTokens === undefined && given.session === undefined;
    if ((value !== undefined || isNeeded) && !holds(value)) {
      throw wrongOption(`${name} must be ${rule}`, value);
    }
  }
  if (given.adapter === undefined || given.stores !== undefined) return;
  throw new ConfigurationError(
    'ERR_OPTIONS',
    'adapter is set, and stores is not: a sign-out or ban on one node would end nothing on the others. Pass stores that all ' +
      'nodes share, such as redisStores() returns. If there is only one node, pass stores: memoryStores(clock).',
  );
}
