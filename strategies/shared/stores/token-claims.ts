import type { Principal } from '../revocation.ts';

/** The claims of an access token, whoever issued it. */
export interface AccessClaims {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The sign-in that the token descends from, where its issuer names one. */
  readonly sessionId?: string;
  readonly tokenId: string;
  /** ms since the epoch; kept to the millisecond (RFC 7519 allows a fraction in a NumericDate). */
  readonly issuedAt: number;
  /** ms since the epoch, on a whole second. */
  readonly expiresAt: number;
  /** When the sign-in itself ends, whatever is renewed; ms since the epoch. */
  readonly endsAt: number;
  /**
   * The epoch that the store was in when the sign-in began; renewals keep it. A token of another issuer has none: its
   * issue time tells whether a revocation of its subject came later.
   */
  readonly epoch?: number;
}

/** The claims of a token that the kit issued. */
export interface TokenClaims extends AccessClaims {
  /** The token family: every token that descends from one sign-in. */
  readonly sessionId: string;
  readonly epoch: number;
}

/** The principal that a token with these claims belongs to. */
export const principalOf = ({ subject, roles, sessionId, tokenId, epoch, issuedAt }: AccessClaims): Principal => ({
  subject,
  roles,
  ...(sessionId !== undefined && { sessionId }),
  tokenId,
  ...(epoch === undefined ? { issuedAt } : { epoch }),
});
