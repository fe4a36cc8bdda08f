import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { AuthError } from '../errors.ts';
import type { Principal } from '../revocation.ts';

/** Whose token it is, as its issuer says. */
export interface TokenHolder {
  /** 1 to 256 characters. */
  readonly subject: string;
  /** Default: none. */
  readonly roles?: readonly string[] | undefined;
  /** The sign-in that it descends from, such as OIDC's `sid`: what `revoke({ sessionId })` ends. */
  readonly sessionId?: string | undefined;
  /** Its own id, such as a JWT's `jti`. Default: a hash of the token. */
  readonly tokenId?: string | undefined;
  /** ms since the epoch; absent: each revocation of the subject ends it, whenever it was issued. */
  readonly issuedAt?: number | undefined;
  /** When it ends, in ms since the epoch. A token without an end is refused: no connection could end with it. */
  readonly expiresAt?: number | undefined;
}

/** A token that was verified. */
export interface VerifiedToken extends TokenHolder {
  readonly roles: readonly string[];
  readonly tokenId: string;
  readonly expiresAt: number;
}

/** Verifies access tokens of another issuer. Make one with `bearer`, `oidc` or `introspection`. */
export interface TokenVerifier {
  /**
   * @param token as it was presented, without the word Bearer
   * @throws AuthError `expired` or `unauthenticated`; `unavailable` where it cannot be told
   */
  verify(token: string, clock: Clock): Promise<VerifiedToken>;
  /** Whether its holder may still connect: asked at each CONNECT and renewal. `false` refuses as `revoked`. */
  check?(principal: Principal): boolean | Promise<boolean>;
}

/** What every verifier takes. */
export interface HolderOptions<Claims> {
  /**
   * Whose token it is. Default: `sub`, `roles` (if it is a list of texts), `sid`, `jti`, `iat` and `exp` of the claims.
   * @example principal: ({ sub, realm_access, exp, iat }) => ({ subject: sub, roles: realm_access.roles, expiresAt: exp * 1000, issuedAt: iat * 1000 })
   */
  readonly principal?: (claims: Claims) => TokenHolder | undefined | Promise<TokenHolder | undefined>;
  /**
   * Whether this account may still connect, for example by a look at your database. It is asked at each CONNECT and each
   * renewal; `false` refuses as `revoked`.
   */
  readonly check?: (principal: Principal) => boolean | Promise<boolean>;
}

const holder = z.object({
  subject: z.string().min(1).max(256),
  roles: z.array(z.string().max(256)).max(256).default([]),
  sessionId: z.string().min(1).max(256).optional(),
  tokenId: z.string().min(1).max(256).optional(),
  issuedAt: z.number().nonnegative().optional(),
  expiresAt: z.number().positive(),
});

const standard = z.object({
  sub: z.string(),
  roles: z.array(z.string()).optional().catch(undefined),
  sid: z.string().optional().catch(undefined),
  jti: z.string().optional().catch(undefined),
  iat: z.number().optional().catch(undefined),
  exp: z.number(),
});

/** The registered claims of a JWT (RFC 7519, 4.1), in our units. */
function standardHolder(claims: unknown): TokenHolder | undefined {
  const { data } = standard.safeParse(claims);
  if (data === undefined) return undefined;
  return {
    subject: data.sub,
    roles: data.roles,
    sessionId: data.sid,
    tokenId: data.jti,
    issuedAt: data.iat === undefined ? undefined : data.iat * 1000,
    expiresAt: data.exp * 1000,
  };
}

/**
 * A token whose issuer vouches for `claims`, as the options read them.
 * @throws AuthError `unauthenticated` where they name nobody, or no end; `expired`
 */
export async function verifiedToken<Claims>(
  token: string,
  claims: Claims,
  { principal = standardHolder }: HolderOptions<Claims>,
  clock: Clock,
): Promise<VerifiedToken> {
  const { data } = holder.safeParse(await principal(claims));
  if (data === undefined) throw new AuthError('unauthenticated');
  if (data.expiresAt <= clock.now()) throw new AuthError('expired');
  return { ...data, tokenId: data.tokenId ?? hashOf(token) };
}

/** The token itself never leaves: it is named by its hash. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url').slice(0, 22);
