import { decisionOf } from '../shared/auth-decision.ts';
import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { type AccessClaims, principalOf } from '../shared/stores/token-claims.ts';
import type {
  Admitted,
  AuthConnection,
  AuthDecision,
  Authenticator,
  Handshake,
  Principal,
  Revocation,
  StrategyOptions,
  TokenExtractor,
} from '../strategy.ts';

/** Looks the access token up at CONNECT. The connection ends with the token. */
export class TemplateAuthenticator implements Authenticator {
  protected readonly tokens: AccessTokens;
  readonly #extract: TokenExtractor;

  constructor(tokens: AccessTokens, { extractToken }: Pick<StrategyOptions, 'extractToken'>) {
    this.tokens = tokens;
    this.#extract = extractToken;
  }

  /** May this handshake be admitted? */
  authenticate(handshake: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => {
      const claims = await this.tokens.verifyAccess(this.#extract(handshake));
      return { admitted: true, principal: await this.principal(claims), cutAt: claims.expiresAt };
    });
  }

  /** May this message proceed? */
  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  protected async principal(claims: AccessClaims): Promise<Principal> {
    return principalOf(claims);
  }
}

/** A sign-out, a ban, and a change of roles or password end the connections at once, and keep the tokens out. */
export class HardenedAuthenticator extends TemplateAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override principal(claims: AccessClaims): Promise<Principal> {
    return this.tokens.requireCurrentPrincipal(claims);
  }
}
