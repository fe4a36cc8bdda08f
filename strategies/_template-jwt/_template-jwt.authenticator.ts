import { decisionOf } from '../shared/auth-decision.ts';
import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { type AccessClaims, principalOf } from '../shared/stores/token-claims.ts';
import {
  type Admitted,
  type AuthConnection,
  type AuthDecision,
  type Authenticator,
  type Handshake,
  nothingPresented,
  type Principal,
  type Revocation,
  type StrategyOptions,
  type TokenExtractor,
} from '../strategy.ts';

/** Verifies the access token at CONNECT. The connection ends with the token. */
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
      const token = this.#extract(handshake);
      if (token === undefined) return nothingPresented;
      const claims = await this.tokens.verifyAccess(token);
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
