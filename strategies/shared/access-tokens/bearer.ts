import { AuthError } from '../errors.ts';
import { type HolderOptions, type TokenVerifier, verifiedToken } from './verifier.ts';

export interface BearerOptions<Claims> extends HolderOptions<Claims> {
  /**
   * Verifies the signature and the end of a token, and answers its claims. It throws, or answers null or undefined, for a
   * token that is not valid. A mistake of the program or of the network (TypeError, ECONNREFUSED, an HTTP error of 500 or
   * more) refuses as `unavailable`, which a client tries again; any other error as `unauthenticated` or `expired`.
   */
  readonly verify: (token: string) => Claims | null | undefined | Promise<Claims | null | undefined>;
}

/**
 * Access tokens that the application issues by itself: JWTs of @nestjs/jwt, or opaque ones that it looks up.
 *
 * @example
 * accessTokens: bearer({
 *   verify: (token) => jwt.verifyAsync<{ sub: string; username: string; exp: number }>(token),
 *   check: ({ subject }) => users.isActive(subject),
 * })
 */
export function bearer<Claims>({ verify, check, ...reading }: BearerOptions<Claims>): TokenVerifier {
  return {
    async verify(token, clock) {
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

/** Those of jsonwebtoken and jose for a token that was valid once. */
const EXPIRED = new Set(['TokenExpiredError', 'JWTExpired']);
/** What a program's mistake throws. */
const MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];

/** What an error of somebody else's verification means; one that says nothing of the token is given back as it is. */
function refusalOf(error: unknown): unknown {
  if (error instanceof AuthError || MISTAKES.some((mistake) => error instanceof mistake)) return error;
  const { name, errno, getStatus } = error as { name?: string; errno?: unknown; getStatus?: () => number };
  if (errno !== undefined || name === 'StoreError' || name === 'TimeoutError' || name === 'AbortError') return error;
  if (typeof getStatus === 'function' && getStatus.call(error) >= 500) return error;
  return new AuthError(EXPIRED.has(name ?? '') ? 'expired' : 'unauthenticated', { cause: error });
}
