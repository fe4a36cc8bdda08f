import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { longestCredential } from '../../strategies/shared/lifetimes.ts';
import { requireNames } from '../../strategies/shared/option-names.ts';
import type { HttpEndpoints, Lifetimes, Strategy } from '../../strategies/strategy.ts';
import { withoutUndefined } from './option-values.ts';
import { type ResolvedOptions, resolveOptions } from './options.ts';
import type { WsAuthOptions } from './ws-auth-options.ts';

const names = [
  'secret',
  'keys',
  'directory',
  'accessTokens',
  'session',
  'extractToken',
  'variant',
  'lifetimes',
] as const;

/**
 * The options that a namespace may set for itself. It takes everything else from `forRoot`. The stores are shared, so a revocation
 * ends its connections too. If `accessTokens`, `session` or `extractToken` is absent, that of `forRoot` is not used. If `secret`
 * and `keys` are absent, a token that the kit issued for `forRoot` opens this namespace too, and the other way round.
 */
export type NamespaceOptions = Pick<WsAuthOptions, (typeof names)[number]>;

/**
 * Adds the options of `forRoot` to those of one namespace.
 * @throws ConfigurationError as `resolveOptions` does
 */
export function namespaceOptions(
  root: ResolvedOptions,
  given: NamespaceOptions,
  strategy: Strategy,
  http: HttpEndpoints | false,
): ResolvedOptions {
  requireNames(given, names);
  const { secret, keys, directory, variant, stores, clock, origins, report, addressOf, limits, lifetimes } = root;
  const { maxSessionsPerUser } = root;
  requireOneDirectory(directory, given.directory);
  const shared = {
    secret,
    // They sign in the secret's place, so with them an own secret would have no effect.
    ...(keys && !('secret' in given) && { keys }),
    ...(directory && { directory }),
    variant,
    stores,
    clock,
    origins,
    report,
    ...(maxSessionsPerUser !== undefined && { maxSessionsPerUser }),
  };
  const own = { ...given, lifetimes: { ...lifetimes, ...withoutUndefined(given.lifetimes ?? {}) } };
  const resolved = resolveOptions({ ...shared, addressOf, limits, ...own }, strategy, http);
  requireSameLongest(lifetimes, resolved.lifetimes);
  return resolved;
}

/** A subject is one user in every namespace: to tokens, revocations and published roles, two users of one id would be one. */
function requireOneDirectory(root: unknown, own: unknown): void {
  if (root === undefined || own === undefined || own === root) return;
  throw new ConfigurationError(
    'ERR_OPTIONS',
    'forFeature must not have another directory than forRoot: a credential would open the account of the same id in the other one. Remove directory from forFeature',
  );
}

/** Each strategy keeps a revocation for as long as its own credentials live, and it concerns those of all namespaces. */
function requireSameLongest(root: Lifetimes, own: Lifetimes): void {
  if (longestCredential(root) === longestCredential(own)) return;
  throw new ConfigurationError(
    'ERR_LIFETIMES',
    'The longest of absolute, accessToken, refreshToken and wsToken must be the same in forFeature as in forRoot, because revocations are kept for that long. Set it in the lifetimes of forRoot',
  );
}

/** The name of a namespace in Socket.IO. It begins with a slash, which a Nest gateway may leave out. */
export const namespaceName = (given: string): string => (given.startsWith('/') ? given : `/${given}`);

/**
 * The name of the namespace, with its slash.
 * @throws ConfigurationError `ERR_NAMESPACE` if `given` is empty or not a string
 */
export function requireNamespace(given: unknown): string {
  if (typeof given === 'string' && given !== '') return namespaceName(given);
  throw new ConfigurationError(
    'ERR_NAMESPACE',
    'The first parameter of WsAuthModule.forFeature must be the namespace of a gateway, such as /admin',
  );
}
