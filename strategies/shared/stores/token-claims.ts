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
