import type { TokenClaims } from '../stores/token-claims.ts';
import type { Clock } from '../clock.ts';
import { AuthError } from '../errors.ts';
import { listOf, number, optional, positive, shapeOf, text } from '../shape.ts';
import { decodePart, encodePart, isSignature, signatureLength, signatureOf } from './jws.ts';
import { hmacKey, KeyRing, type SigningKey } from './key-ring.ts';
import type { StrategyOptions } from '../../strategy.ts';

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

const name = text(1, 128);
const audiences: readonly unknown[] = Object.values(kinds).map(({ audience }) => audience);

interface Payload {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly roles: readonly string[];
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly end: number;
  readonly epoch: number;
  readonly nbf?: number | undefined;
}

/** Reads the claims of a token. Unknown claims are ignored, so that nodes of two versions can run side by side. */
const payloadOf = shapeOf<Payload>({
  iss: (value): value is string => value === ISSUER,
  aud: (value): value is string => audiences.includes(value),
  sub: name,
  roles: listOf(text(0, 64), 32),
  sid: name,
  jti: name,
  iat: positive,
  exp: positive,
  end: positive,
  epoch: number(0),
  nbf: optional(number()),
});

/** Turns claims into a token, and a token back into its claims. `TokenIssuer` signs JWTs; another one may ask a store. */
export interface TokenFormat {
  /** @throws AuthError `account-unsupported` where the claims do not fit into a token */
  issue(kind: TokenKind, claims: TokenClaims): Promise<string>;
  /** Throws as `issue` would: for whoever has something to change before it issues. */
  requireIssuable(kind: TokenKind, claims: TokenClaims): void;
  /**
   * @param token what a client sent, unchecked
   * @throws AuthError `expired` for a token of this kind past its time, unless `evenExpired`; `unauthenticated` for
   * anything else that is not one
   */
  verify(kind: TokenKind, token: unknown, options?: { readonly evenExpired?: boolean }): Promise<TokenClaims>;
}

/** Signs and verifies tokens, without leaving the thread that it is called on. */
export class TokenIssuer implements TokenFormat {
  readonly keys: KeyRing;
  readonly #clock: Clock;

  constructor(keys: KeyRing, clock: Clock) {
    this.keys = keys;
    this.#clock = clock;
  }

  /** @throws AuthError `account-unsupported` where `verify` would refuse the token for what it says, or for its length */
  async issue(kind: TokenKind, claims: TokenClaims): Promise<string> {
    const key = this.keys.current;
    const unsigned = unsignedToken(kind, claims, key);
    return `${unsigned}.${signatureOf(key, unsigned)}`;
  }

  requireIssuable(kind: TokenKind, claims: TokenClaims): void {
    unsignedToken(kind, claims, this.keys.current);
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
    const [header = '', payload = '', signature = ''] = token.split('.');
    const key = this.#keyFor(kind, header, now);
    if (key === undefined || !isSignature(key, `${header}.${payload}`, signature)) {
      throw new AuthError('unauthenticated');
    }
    const read = payloadOf(decodePart(payload));
    if (read === undefined || read.aud !== kinds[kind].audience) throw new AuthError('unauthenticated');
    if (read.nbf !== undefined && read.nbf * 1000 > now) throw new AuthError('unauthenticated');
    const claims = claimsOf(read);
    if (claims.expiresAt <= now && !evenExpired) throw new AuthError('expired');
    return claims;
  }

  /** The key of a header that is, to the byte, what this issuer writes: no other member, no other order, no other kind. */
  #keyFor(kind: TokenKind, header: string, now: number): SigningKey | undefined {
    const { kid, alg } = (decodePart(header) ?? {}) as { kid?: string; alg?: string };
    const key = this.keys.find({ kid, alg }, now);
    return key !== undefined && header === headerFor(kind, key) ? key : undefined;
  }
}

const headerFor = (kind: TokenKind, { algorithm, kid }: SigningKey): string =>
  encodePart({ alg: algorithm, kid, typ: kinds[kind].typ });

function unsignedToken(kind: TokenKind, claims: TokenClaims, key: SigningKey): string {
  const payload = {
    roles: claims.roles,
    sid: claims.sessionId,
    end: claims.endsAt / 1000,
    iss: ISSUER,
    aud: kinds[kind].audience,
    sub: claims.subject,
    jti: claims.tokenId,
    iat: claims.issuedAt / 1000,
    exp: claims.expiresAt / 1000,
    epoch: claims.epoch,
  };
  const unsigned = `${headerFor(kind, key)}.${encodePart(payload)}`;
  const length = unsigned.length + 1 + signatureLength[key.algorithm];
  if (length > LONGEST_TOKEN || payloadOf(payload) === undefined) throw new AuthError('account-unsupported');
  return unsigned;
}

const claimsOf = ({ sub, roles, sid, jti, iat, exp, end, epoch }: Payload): TokenClaims => ({
  subject: sub,
  roles,
  sessionId: sid,
  tokenId: jti,
  issuedAt: Math.round(iat * 1000),
  expiresAt: Math.round(exp * 1000),
  endsAt: Math.round(end * 1000),
  epoch,
});

/** JWTs, signed by the keys or the secret of the options. @throws ConfigurationError where there is neither */
export const jwtsOf = ({ keys, secret, clock }: StrategyOptions): TokenFormat =>
  new TokenIssuer(keys ?? new KeyRing(hmacKey(secret)), clock);
