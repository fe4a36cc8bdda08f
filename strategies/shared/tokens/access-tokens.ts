import type { Principal, Revocations } from '../../strategy.ts';
import type { AccessClaims, TokenClaims } from '../stores/token-claims.ts';
import type { TokenFormat } from './token-issuer.ts';
import type { Issued } from './token-pairs.ts';

/** What the strategies ask about tokens: of those that the kit issues, and of those of another issuer. */
export interface AccessTokens {
  readonly revocations: Revocations;
  /** Makes and reads the kit's own tokens. @throws ConfigurationError where that takes a secret, and there is none */
  readonly issuer: TokenFormat;
  /**
   * @param token what a client sent, unchecked
   * @throws AuthError `expired` or `unauthenticated`; `unavailable` where it cannot be told
   */
  verifyAccess(token: unknown): Promise<AccessClaims>;
  /**
   * Who holds a token that was verified, as things stand now.
   * @throws AuthError `revoked`, `banned` or `roles-changed`
   */
  requireCurrentPrincipal(claims: AccessClaims): Promise<Principal>;
  /**
   * Spends a refresh token of the kit. `requireUsable` gets the claims of the valid token before it is spent, and throws
   * where it is not to be spent here.
   * @throws AuthError `unauthenticated` where the kit issues none, and as `TokenService.refresh` does
   */
  refresh(refreshToken: unknown, requireUsable?: (claims: TokenClaims) => void): Promise<Issued>;
}

/** For injection: `AccessTokens`. */
export const ACCESS_TOKENS = Symbol('AccessTokens');
