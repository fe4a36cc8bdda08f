import { decisionOf } from '../shared/auth-decision.ts';
import type { TokenClaims } from '../shared/stores/token-claims.ts';
import { principalOf } from '../shared/tokens/token-issuer.ts';
import type { TokenService } from '../shared/tokens/token-service.ts';
import type {
  Admitted,
  AuthConnection,
  AuthDecision,
  Authenticator,
  Handshake,
  Principal,
  Revocation,
} from '../strategy.ts';

/** Verifies the access token at CONNECT. The connection ends with the token. */
export class TemplateAuthenticator implements Authenticator {
  protected readonly tokens: TokenService;

  constructor(tokens: TokenService) {
    this.tokens = tokens;
  }

  /** May this handshake be admitted? */
  authenticate({ auth }: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => {
      const claims = await this.tokens.issuer.verify('access', auth['token']);
      return { admitted: true, principal: await this.principal(claims), cutAt: claims.expiresAt };
    });
  }

  /** May this message proceed? */
  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  protected async principal(claims: TokenClaims): Promise<Principal> {
    return principalOf(claims);
  }
}

/** A sign-out, a ban, and a change of roles or password end the connections at once, and keep the tokens out. */
export class HardenedAuthenticator extends TemplateAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override principal(claims: TokenClaims): Promise<Principal> {
    return this.tokens.requireCurrentPrincipal(claims);
  }
}
