import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { requireNames } from '../../strategies/shared/option-names.ts';
import type { HttpEndpoints, Strategy } from '../../strategies/strategy.ts';
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
 * ends its connections too. If `accessTokens`, `session` or `extractToken` is absent, that of `forRoot` is not used.
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
  const shared = {
    secret,
    ...(keys && { keys }),
    ...(directory && { directory }),
    variant,
    stores,
    clock,
    origins,
    report,
  };
  const own = { ...given, lifetimes: { ...lifetimes, ...withoutUndefined(given.lifetimes ?? {}) } };
  return resolveOptions({ ...shared, addressOf, limits, ...own }, strategy, http);
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
