import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal } from '../strategy.ts';
import type { Clock } from './clock.ts';
import { AuthError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';

/** One `typ` and audience a kind, so that no token passes in another's place. */
const kinds = {
  access: { typ: 'at+jwt', audience: 'nest-ws-auth-lab/access' },
  refresh: { typ: 'rt+jwt', audience: 'nest-ws-auth-lab/refresh' },
  ws: { typ: 'ws+jwt', audience: 'nest-ws-auth-lab/ws' },
} as const;

export type TokenKind = keyof typeof kinds;

const ISSUER = 'nest-ws-auth-lab';
const LONGEST_TOKEN = 4096;
/** RFC 7515 knows no white space, which a lenient decoder would skip. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export interface TokenClaims {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The token family: every token that descends from one sign-in. */
  readonly sessionId: string;
  readonly tokenId: string;
  /** ms since the epoch; kept to the millisecond (RFC 7519 allows a fraction in a NumericDate). */
  readonly issuedAt: number;
  /** ms since the epoch, on a whole second. */
  readonly expiresAt: number;
  /** When the sign-in itself ends, whatever is renewed; ms since the epoch. */
  readonly endsAt: number;
  /** The epoch that the store was in when the sign-in began; renewals keep it. */
  readonly epoch: number;
}

const shape = z.object({
  sub: z.string().min(1).max(128),
  roles: z.array(z.string().max(64)).max(32),
  sid: z.string().min(1).max(128),
  jti: z.string().min(1).max(128),
  iat: z.number().positive(),
  exp: z.number().positive(),
  end: z.number().positive(),
  epoch: z.number().nonnegative(),
});

export class TokenIssuer {
  readonly keys: KeyRing;
  readonly #clock: Clock;

  constructor(keys: KeyRing, clock: Clock) {
    this.keys = keys;
    this.#clock = clock;
  }

  async issue(kind: TokenKind, claims: TokenClaims): Promise<string> {
    const key = this.keys.current;
    const { typ, audience } = kinds[kind];
    return new SignJWT({
      roles: [...claims.roles],
      sid: claims.sessionId,
      end: claims.endsAt / 1000,
      epoch: claims.epoch,
    })
      .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(claims.subject)
      .setJti(claims.tokenId)
      .setIssuedAt(claims.issuedAt / 1000)
      .setExpirationTime(claims.expiresAt / 1000)
      .sign(key.sign);
  }

  /**
   * @throws AuthError `expired` for a validly signed token of this kind past its time, `unauthenticated` for
   * anything else that is not one.
   */
  async verify(kind: TokenKind, token: unknown, { evenExpired = false } = {}): Promise<TokenClaims> {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN || !COMPACT.test(token)) {
      throw new AuthError('unauthenticated');
    }
    const now = this.#clock.now();
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          const key = this.keys.find(header, now);
          if (key === undefined) throw new AuthError('unauthenticated');
          return key.verify;
        },
        {
          algorithms: ['HS256', 'ES256'],
          issuer: ISSUER,
          audience: kinds[kind].audience,
          typ: kinds[kind].typ,
          requiredClaims: ['exp', 'iat', 'sub', 'jti', 'sid', 'end', 'epoch'],
          currentDate: new Date(now),
        },
      );
      return claimsOf(payload);
    } catch (error) {
      // jose looks at the time last: the signature, kind, issuer and audience of this one held.
      if (evenExpired && error instanceof errors.JWTExpired) return claimsOf(error.payload);
      throw new AuthError(error instanceof errors.JWTExpired ? 'expired' : 'unauthenticated', { cause: error });
    }
  }
}

function claimsOf(payload: unknown): TokenClaims {
  const parsed = shape.safeParse(payload);
  if (!parsed.success) throw new AuthError('unauthenticated');
  const { sub, roles, sid, jti, iat, exp, end, epoch } = parsed.data;
  return {
    subject: sub,
    roles,
    sessionId: sid,
    tokenId: jti,
    issuedAt: Math.round(iat * 1000),
    expiresAt: Math.round(exp * 1000),
    endsAt: Math.round(end * 1000),
    epoch,
  };
}

export const principalOf = (claims: TokenClaims): Principal => ({
  subject: claims.subject,
  roles: claims.roles,
  sessionId: claims.sessionId,
  tokenId: claims.tokenId,
  epoch: claims.epoch,
});
