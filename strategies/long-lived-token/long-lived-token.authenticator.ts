import { randomUUID } from 'node:crypto';
import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { wholeSecond } from '../shared/lifetimes.ts';
import { type AccessClaims, type TokenClaims, principalOf } from '../shared/stores/token-claims.ts';
import type { TokenFormat } from '../shared/tokens/token-issuer.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Clock,
  type IssuedCredential,
  type Handshake,
  nothingPresented,
  type Revocation,
  type StrategyOptions,
  type TokenExtractor,
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
  protected readonly tokens: AccessTokens;
  protected readonly clock: Clock;
  readonly #lifetime: number;
  readonly #extract: TokenExtractor;
  /** Issues the WS tokens. The kit does that itself, also if another issuer hands out the access tokens. */
  readonly #issuer: TokenFormat;

  constructor(tokens: AccessTokens, { clock, lifetimes, extractToken }: StrategyOptions) {
    this.tokens = tokens;
    this.clock = clock;
    this.#lifetime = lifetimes.wsToken;
    this.#extract = extractToken;
    this.#issuer = tokens.issuer;
  }

  authenticate(handshake: Handshake): Promise<AuthDecision> {
    const { wsToken } = handshake.auth;
    return decisionOf(async () => {
      if (wsToken !== undefined) return this.#admit(await this.#issuer.verify('ws', wsToken));
      const token = this.#extract(handshake);
      if (token === undefined) return nothingPresented;
      const access = await this.tokens.verifyAccess(token);
      // Read before the revocations are: whatever is revoked from now on begins a later epoch.
      const epoch = access.epoch ?? (await this.tokens.revocations.epoch());
      await this.requireCurrent(access);
      return this.#mint(access, epoch);
    });
  }

  authorize(connection: AuthConnection): Admitted {
    return connection.admitted;
  }

  /** @throws AuthError where a validly signed token does not pass any more */
  protected async requireCurrent(_claims: AccessClaims): Promise<void> {}

  protected admitted(claims: TokenClaims): Admitted {
    return { admitted: true, principal: principalOf(claims) };
  }

  protected lastMoment(_access: AccessClaims): number {
    return Infinity;
  }

  async #admit(claims: TokenClaims): Promise<Admitted> {
    await this.requireCurrent(claims);
    return this.admitted(claims);
  }

  /** The WS token belongs to the access token's sign-in and epoch: whatever ends one ends both. */
  async #mint(access: AccessClaims, epoch: number): Promise<AuthDecision> {
    const expiresAt = Math.min(wholeSecond(this.clock.now() + this.#lifetime), this.lastMoment(access));
    // A token of another issuer may name no sign-in: it is its own.
    const claims: TokenClaims = { sessionId: access.tokenId, ...access, epoch, tokenId: randomUUID(), expiresAt };
    const issued: IssuedWsToken = { wsToken: await this.#issuer.issue('ws', claims), expiresAt };
    return { ...this.admitted(claims), issued };
  }
}

/** Ends with the WS token, which never outlives the sign-in; a deny-list by `jti` keeps revoked ones out. */
export class HardenedLongLivedTokenAuthenticator extends LongLivedTokenAuthenticator {
  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.tokens.revocations.onRevoked(listener);
  }

  protected override async requireCurrent(claims: AccessClaims): Promise<void> {
    await this.tokens.requireCurrentPrincipal(claims);
  }

  protected override admitted(claims: TokenClaims): Admitted {
    return { ...super.admitted(claims), cutAt: claims.expiresAt };
  }

  protected override lastMoment(access: AccessClaims): number {
    return access.endsAt;
  }
}
