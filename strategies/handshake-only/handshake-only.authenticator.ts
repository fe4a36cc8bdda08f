import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { type AccessClaims, principalOf } from '../shared/stores/token-claims.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Handshake,
  nothingPresented,
  type Revocation,
  type StrategyOptions,
  type TokenExtractor,
  type AuthDecision,
} from '../strategy.ts';

/** The access token is verified at CONNECT; messages are trusted afterwards. */
export class HandshakeOnlyAuthenticator implements Authenticator {
  protected readonly tokens: AccessTokens;
  readonly #extract: TokenExtractor;

  constructor(tokens: AccessTokens, { extractToken }: Pick<StrategyOptions, 'extractToken'>) {
    this.tokens = tokens;
    this.#extract = extractToken;
  }

  authenticate(handshake: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => {
      const token = this.#extract(handshake);
      return token === undefined ? nothingPresented : this.admit(await this.tokens.verifyAccess(token));
    });
  }

  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  protected async admit(claims: AccessClaims): Promise<Admitted> {
    return { admitted: true, principal: principalOf(claims) };
  }
}

/** The connection ends with its token, and whoever is revoked is kicked and stays out. */
export class HardenedHandshakeOnlyAuthenticator extends HandshakeOnlyAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override async admit(claims: AccessClaims): Promise<Admitted> {
    return { admitted: true, principal: await this.tokens.requireCurrentPrincipal(claims), cutAt: claims.expiresAt };
  }
}
