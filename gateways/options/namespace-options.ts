import { ConfigurationError } from '../../strategies/shared/errors.ts';
import { requireNames } from '../../strategies/shared/option-names.ts';
import type { HttpEndpoints, Strategy } from '../../strategies/strategy.ts';
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
 * The options that a namespace may have of its own. It shares everything else with `forRoot`, the stores among them, so that a
 * revocation ends its connections too. `accessTokens`, `session` and `extractToken` are not taken from `forRoot`.
 */
export type NamespaceOptions = Pick<WsAuthOptions, (typeof names)[number]>;

/** @throws ConfigurationError as `resolveOptions` */
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
  const own = { ...given, lifetimes: { ...lifetimes, ...given.lifetimes } };
  return resolveOptions({ ...shared, addressOf, limits, ...own }, strategy, http);
}

/** A namespace as Socket.IO names it. It begins with a slash, which Nest lets a gateway leave out. */
export const namespaceName = (given = '/'): string => (given.startsWith('/') ? given : `/${given}`);

/** @throws ConfigurationError `ERR_NAMESPACE` if it is not the name of a namespace */
export function requireNamespace(given: unknown): string {
  if (typeof given === 'string' && given !== '') return namespaceName(given);
  throw new ConfigurationError(
    'ERR_NAMESPACE',
    'The first parameter of WsAuthModule.forFeature must be the namespace of a gateway, such as /admin',
  );
}
