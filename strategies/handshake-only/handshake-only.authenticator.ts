import type { TokenClaims } from '../shared/stores/token-claims.ts';
import { principalOf } from '../shared/tokens/token-issuer.ts';
import type { TokenService } from '../shared/tokens/token-service.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Handshake,
  type Revocation,
  type AuthDecision,
} from '../strategy.ts';

/** The access token is verified at CONNECT; messages are trusted afterwards. */
export class HandshakeOnlyAuthenticator implements Authenticator {
  protected readonly tokens: TokenService;

  constructor(tokens: TokenService) {
    this.tokens = tokens;
  }

  authenticate({ auth }: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => this.admit(await this.tokens.issuer.verify('access', auth['token'])));
  }

  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  protected async admit(claims: TokenClaims): Promise<Admitted> {
    return { admitted: true, principal: principalOf(claims) };
  }
}

/** The connection ends with its token, and whoever is revoked is kicked and stays out. */
export class HardenedHandshakeOnlyAuthenticator extends HandshakeOnlyAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override async admit(claims: TokenClaims): Promise<Admitted> {
    return { admitted: true, principal: await this.tokens.requireCurrentPrincipal(claims), cutAt: claims.expiresAt };
  }
}
