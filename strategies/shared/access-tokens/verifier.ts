import type { Clock } from '../clock.ts';
import { AuthError, ConfigurationError } from '../errors.ts';
import { requireNames } from '../option-names.ts';
import type { Principal } from '../revocation.ts';
import { nameOf } from '../secret.ts';
import { type Check, listOf, number, optional, positive, shapeOf, text } from '../shape.ts';

/** The holder of a token, and the token's times, as the issuer states them. */
export interface TokenHolder {
  /** 1 to 256 characters. */
  readonly subject: string;
  /** Default: none. */
  readonly roles?: readonly string[] | undefined;
  /** The sign-in that the token comes from, such as OIDC's `sid`. `revoke({ subject, sessionId })` ends it. */
  readonly sessionId?: string | undefined;
  /** The id of the token, such as a JWT's `jti`. Default: a hash of the token, of a JWT without its signature. */
  readonly tokenId?: string | undefined;
  /** ms since the epoch. A token without it is refused: nothing would tell whether a revocation came later. */
  readonly issuedAt?: number | undefined;
  /** When it expires, in ms since the epoch. A token without an expiry is refused, because its connection would never end. */
  readonly expiresAt?: number | undefined;
}

/** A token that was verified. */
export interface VerifiedToken extends TokenHolder {
  readonly roles: readonly string[];
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Verifies access tokens of another issuer. Make one with `bearer`, `oidc` or `introspection`. */
export interface TokenVerifier {
  /**
   * @param token as it was presented, without the word Bearer
   * @throws AuthError `expired` or `unauthenticated`, or `unavailable` if the token cannot be checked now
   */
  verify(token: string, clock: Clock): Promise<VerifiedToken>;
  /** Whether its holder may still connect: asked at each CONNECT and renewal. Anything but `true` refuses as `revoked`. */
  check?(principal: Principal): boolean | Promise<boolean>;
}

/** Options of every verifier. */
export interface HolderOptions<Claims> {
  /**
   * Maps the claims to the holder. Default: `sub`, `roles` (if it is a list of strings), `sid`, `jti`, `iat` and `exp`.
   * @example principal: ({ sub, realm_access, exp, iat }) => ({ subject: sub, roles: realm_access.roles, expiresAt: exp * 1000, issuedAt: iat * 1000 })
   */
  readonly principal?: (claims: Claims) => TokenHolder | undefined | Promise<TokenHolder | undefined>;
  /**
   * Whether this account may still connect, for example by a look at your database. It is asked at each CONNECT and each
   * renewal; anything but `true` refuses as `revoked`.
   */
  readonly check?: (principal: Principal) => boolean | Promise<boolean>;
}

const label = text(1, 256);
const roles = optional(listOf(text(0, 256), 256));

/** Reads the holder of a session. */
export const sessionHolder = shapeOf<{ subject: string; roles: string[] | undefined }>({ subject: label, roles });

const tokenHolder = shapeOf<TokenHolder & { issuedAt: number; expiresAt: number }>({
  subject: label,
  roles,
  sessionId: optional(label),
  tokenId: optional(label),
  issuedAt: positive,
  expiresAt: positive,
});

/** A claim of another type is taken as missing. */
const ifValid = <T>(check: Check<T>, claim: unknown): T | undefined => (check(claim) ? claim : undefined);

/** The registered claims of a JWT (RFC 7519, 4.1), in our units. */
function standardHolder(claims: unknown): TokenHolder | undefined {
  const given = Object(claims) as Readonly<Record<string, unknown>>;
  const { sub, exp } = given;
  if (!text()(sub) || !number()(exp)) return undefined;
  const issuedAt = ifValid(number(), given['iat']);
  return {
    subject: sub,
    roles: ifValid(listOf(text()), given['roles']),
    sessionId: ifValid(text(), given['sid']),
    tokenId: ifValid(text(), given['jti']),
    issuedAt: issuedAt === undefined ? undefined : issuedAt * 1000,
    expiresAt: exp * 1000,
  };
}

/**
 * Reads the holder of a verified token from its claims.
 * @throws AuthError `unauthenticated` if the claims name no subject or no expiry; `expired`
 */
export async function verifiedToken<Claims>(
  token: string,
  claims: Claims,
  { principal = standardHolder }: HolderOptions<Claims>,
  clock: Clock,
): Promise<VerifiedToken> {
  const read = tokenHolder(await principal(claims));
  if (read === undefined) throw new AuthError('unauthenticated');
  if (read.expiresAt <= clock.now()) throw new AuthError('expired');
  return { ...read, roles: read.roles ?? [], tokenId: read.tokenId ?? nameOf(spelledOneWay(token)) };
}

/** The header of a JWT; undefined for any other token. */
export function jwtHeaderOf(token: string): object | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString());
    return typeof header === 'object' && header !== null ? header : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A signature can be spelled in several ways that all pass. With it in the name, a revoked token would come back under
 * another one.
 */
function spelledOneWay(token: string): string {
  const parts = token.split('.');
  return parts.length === 3 && jwtHeaderOf(token) !== undefined ? parts.slice(0, 2).join('.') : token;
}

/** @throws ConfigurationError for an unknown option, or if `principal` or `check` is not a function */
export function requireHolderOptions(code: string, options: object, others: readonly string[]): void {
  requireNames(options, [...others, 'principal', 'check']);
  for (const name of ['principal', 'check'] as const) {
    const value: unknown = (options as HolderOptions<never>)[name];
    if (value !== undefined && typeof value !== 'function') {
      throw new ConfigurationError(code, `${name} must be a function; got a value of type ${typeof value}`);
    }
  }
}
