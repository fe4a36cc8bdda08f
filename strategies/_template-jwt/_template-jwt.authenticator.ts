import { principalOf } from '../shared/tokens/token-issuer.ts';
import type { TokenService } from '../shared/tokens/token-service.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Handshake,
  type AuthDecision,
} from '../strategy.ts';

export class TemplateAuthenticator implements Authenticator {
  readonly #tokens: TokenService;

  constructor(tokens: TokenService) {
    this.#tokens = tokens;
  }

  /** May this handshake be admitted? */
  authenticate({ auth }: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => {
      const claims = await this.#tokens.issuer.verify('access', auth['token']);
      return { admitted: true, principal: principalOf(claims), cutAt: claims.expiresAt };
    });
  }

  /** May this message proceed? */
  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }
}
