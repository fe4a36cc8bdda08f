import { randomUUID } from 'node:crypto';
import { wholeSecond } from '../shared/lifetimes.ts';
import type { TokenClaims } from '../shared/stores/token-claims.ts';
import { principalOf } from '../shared/tokens/token-issuer.ts';
import type { TokenService } from '../shared/tokens/token-service.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Clock,
  type IssuedCredential,
  type Handshake,
  type Revocation,
  type StrategyOptions,
  type AuthDecision,
} from '../strategy.ts';

/** What the client is handed at its first handshake, and reconnects with. */
export interface IssuedWsToken extends IssuedCredential {
  readonly wsToken: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

/** An access token opens the first connection and is exchanged for a WS token; the WS token opens the next ones. */
export class LongLivedTokenAuthenticator implements Authenticator {
  protected readonly tokens: TokenService;
  protected readonly clock: Clock;
  readonly #lifetime: number;

  constructor(tokens: TokenService, { clock, lifetimes }: StrategyOptions) {
    this.tokens = tokens;
    this.clock = clock;
    this.#lifetime = lifetimes.wsToken;
  }

  authenticate({ auth }: Handshake): Promise<AuthDecision> {
    return decisionOf(async () => {
      if (auth['wsToken'] !== undefined) return this.#admit(await this.tokens.issuer.verify('ws', auth['wsToken']));
      const access = await this.tokens.issuer.verify('access', auth['token']);
      await this.requireCurrent(access);
      return this.#mint(access);
    });
  }

  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  /** @throws AuthError where a validly signed token does not pass any more */
  protected async requireCurrent(_claims: TokenClaims): Promise<void> {}

  protected admitted(claims: TokenClaims): Admitted {
    return { admitted: true, principal: principalOf(claims) };
  }

  protected lastMoment(_access: TokenClaims): number {
    return Infinity;
  }

  async #admit(claims: TokenClaims): Promise<Admitted> {
    await this.requireCurrent(claims);
    return this.admitted(claims);
  }

  /** The WS token keeps the access token's `iat`: whatever revokes by issue time reaches both. */
  async #mint(access: TokenClaims): Promise<AuthDecision> {
    const expiresAt = Math.min(wholeSecond(this.clock.now() + this.#lifetime), this.lastMoment(access));
    const claims: TokenClaims = { ...access, tokenId: randomUUID(), expiresAt };
    const issued: IssuedWsToken = { wsToken: await this.tokens.issuer.issue('ws', claims), expiresAt };
    return { ...this.admitted(claims), issued };
  }
}

/** Ends with the WS token, which never outlives the sign-in; a deny-list by `jti` keeps revoked ones out. */
export class HardenedLongLivedTokenAuthenticator extends LongLivedTokenAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override async requireCurrent(claims: TokenClaims): Promise<void> {
    await this.tokens.requireCurrentPrincipal(claims);
  }

  protected override admitted(claims: TokenClaims): Admitted {
    return { ...super.admitted(claims), cutAt: claims.expiresAt };
  }

  protected override lastMoment(access: TokenClaims): number {
    return access.endsAt;
  }
}
