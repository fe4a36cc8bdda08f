import { ConfigurationError } from '../../strategies/shared/errors.ts';
import type { HttpEndpoints } from '../../strategies/strategy.ts';
import { requireNames, wrongOption } from '../../strategies/shared/option-names.ts';

/** The strategy's own HTTP endpoints: sign-in, renewal and sign-out. */
export interface HttpOptions {
  /** The path of the endpoints, without a slash at its ends. Default: `auth`, so that a sign-in is `POST /auth/login`. */
  readonly path?: string;
  /**
   * Decorators for each controller of the endpoints. Use them to exempt the endpoints from a global guard of the application,
   * because nobody is signed in there yet.
   * @example decorators: [Public()]
   */
  readonly decorators?: readonly ClassDecorator[];
}

const PATH = /^[\w-]+(?:\/[\w-]+)*$/;

/** @throws ConfigurationError `ERR_OPTIONS` */
export function resolveHttp(given: HttpOptions | false): HttpEndpoints | false {
  if (given === false) return false;
  requireNames(given, ['path', 'decorators'], 'http.');
  const { path = 'auth', decorators = [] } = given;
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new ConfigurationError(
      'ERR_OPTIONS',
      `http.path must be a path such as ws-auth, without a slash at its ends; got ${JSON.stringify(path)}`,
    );
  }
  if (!Array.isArray(decorators) || !decorators.every((one) => typeof one === 'function')) {
    throw wrongOption('http.decorators must be a list of decorators', decorators);
  }
  return { path, decorators };
}
