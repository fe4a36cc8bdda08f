import { AuthError, ConfigurationError } from '../errors.ts';
import {
  type HolderOptions,
  jwtHeaderOf,
  requireHolderOptions,
  type TokenVerifier,
  verifiedToken,
} from './verifier.ts';

export interface BearerOptions<Claims> extends HolderOptions<Claims> {
  /**
   * Verifies the signature and the expiry of a token, and returns its claims. For an invalid token it throws, or returns null
   * or undefined. A bug or a network failure (TypeError, ECONNREFUSED, an HTTP error of 500 or more) is refused as
   * `unavailable`, and the client tries again. Any other error is refused as `unauthenticated` or `expired`.
   */
  readonly verify: (token: string) => Claims | null | undefined | Promise<Claims | null | undefined>;
}

/**
 * Verifies access tokens that the application itself issues: JWTs of @nestjs/jwt, or opaque tokens that it looks up.
 *
 * @throws ConfigurationError `ERR_OPTIONS` or `ERR_BEARER` if an option is invalid
 * @example
 * accessTokens: bearer({
 *   verify: (token) => jwt.verifyAsync<{ sub: string; username: string; exp: number }>(token),
 *   check: ({ subject }) => users.isActive(subject),
 * })
 */
export function bearer<Claims>(options: BearerOptions<Claims>): TokenVerifier {
  requireHolderOptions('ERR_BEARER', options, ['verify']);
  const { verify, check, ...reading } = options;
  if (typeof verify !== 'function') {
    throw new ConfigurationError(
      'ERR_BEARER',
      'verify must be a function that verifies a token and returns its claims',
    );
  }
  return {
    async verify(token, clock) {
      if (hasExtensions(token)) throw new AuthError('unauthenticated');
      let claims: Claims | null | undefined;
      try {
        claims = await verify(token);
      } catch (error) {
        throw refusalOf(error);
      }
      if (claims === null || claims === undefined) throw new AuthError('unauthenticated');
      return verifiedToken(token, claims, reading, clock);
    },
    ...(check && { check }),
  };
}

/**
 * Whether a JWT names extensions that its reader must understand (`crit`; RFC 7515, 4.1.11). jsonwebtoken, and so @nestjs/jwt,
 * reads such a token as if it named none.
 */
function hasExtensions(token: string): boolean {
  const header = jwtHeaderOf(token);
  return header !== undefined && 'crit' in header;
}

/** Names of the errors that jsonwebtoken and jose throw for an expired token. */
const EXPIRED = new Set(['TokenExpiredError', 'JWTExpired']);
/** Errors that a bug in the program throws. */
const MISTAKES = [TypeError, ReferenceError, RangeError];

/** Turns an error of `verify` into a refusal. An error that says nothing about the token is returned unchanged. */
function refusalOf(error: unknown): unknown {
  if (error instanceof AuthError || MISTAKES.some((mistake) => error instanceof mistake)) return error;
  const { name, errno, getStatus } = error as { name?: string; errno?: unknown; getStatus?: () => number };
  if (errno !== undefined || name === 'StoreError' || name === 'TimeoutError' || name === 'AbortError') return error;
  if (typeof getStatus === 'function' && getStatus.call(error) >= 500) return error;
  return new AuthError(EXPIRED.has(name ?? '') ? 'expired' : 'unauthenticated', { cause: error });
}
