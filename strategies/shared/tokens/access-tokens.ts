import type { Principal, Revocations } from '../../strategy.ts';
import type { AccessClaims, TokenClaims } from '../stores/token-claims.ts';
import type { TokenFormat } from './token-issuer.ts';
import type { Issued } from './token-pairs.ts';

/** Verifies access tokens for strategies, whether the kit or another issuer issues them. */
export interface AccessTokens {
  readonly revocations: Revocations;
  /** Makes and reads the kit's own tokens. @throws ConfigurationError if it needs a secret and there is none */
  readonly issuer: TokenFormat;
  /**
   * @param token what a client sent, unchecked
   * @throws AuthError `expired` or `unauthenticated`, or `unavailable` if the token cannot be checked now
   */
  verifyAccess(token: unknown): Promise<AccessClaims>;
  /**
   * Returns the holder of a verified token, after checking the current state of the account.
   * @throws AuthError `revoked`, `banned` or `roles-changed`
   */
  requireCurrentPrincipal(claims: AccessClaims): Promise<Principal>;
  /**
   * Spends a refresh token of the kit. `requireUsable` gets the claims of the valid token before it is spent. It throws if the
   * token must not be spent here.
   * @throws AuthError `unauthenticated` if the kit issues none; otherwise as `TokenService.refresh`
   */
  refresh(refreshToken: unknown, requireUsable?: (claims: TokenClaims) => void): Promise<Issued>;
}

/** For injection: `AccessTokens`. */
export const ACCESS_TOKENS = Symbol('AccessTokens');
