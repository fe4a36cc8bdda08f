import { issuedOf, renewFor } from '../shared/tokens/in-band.ts';
import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { type AccessClaims, principalOf } from '../shared/stores/token-claims.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Handshake,
  nothingPresented,
  refused,
  type Revocation,
  type StrategyOptions,
  type TokenExtractor,
  type AuthDecision,
} from '../strategy.ts';

/** The access token in use, verified again on every message. */
interface TokenState {
  readonly accessToken: string;
}

/** Verifies the access token on each message; a refresh token renews it on the connection. */
export class AccessRefreshAuthenticator implements Authenticator<TokenState> {
  readonly #tokens: AccessTokens;
  readonly #extract: TokenExtractor;

  constructor(tokens: AccessTokens, { extractToken }: Pick<StrategyOptions, 'extractToken'>) {
    this.#tokens = tokens;
    this.#extract = extractToken;
  }

  authenticate(handshake: Handshake): Promise<AuthDecision<TokenState>> {
    return decisionOf(async () => {
      const accessToken = this.#extract(handshake);
      if (accessToken === undefined) return nothingPresented;
      const claims = await this.#tokens.verifyAccess(accessToken);
      return { admitted: true, principal: principalOf(claims), state: { accessToken } };
    });
  }

  authorize({ admitted }: AuthConnection<TokenState>): Promise<AuthDecision<TokenState>> {
    return decisionOf(async () => {
      await this.#tokens.verifyAccess(admitted.state?.accessToken);
      return admitted;
    });
  }

  renew({ admitted }: AuthConnection, credential: unknown): Promise<AuthDecision<TokenState>> {
    return decisionOf(async () => {
      const { pair, claims } = await renewFor(this.#tokens, admitted, credential);
      const state = { accessToken: pair.accessToken };
      return { admitted: true, principal: principalOf(claims.access), state, issued: issuedOf(pair) };
    });
  }
}

/** When the access token in use ends. */
interface ExpiryState {
  readonly expiresAt: number;
}

/** Verifies once and compares the expiry on each message; who does not renew within the grace is cut. */
export class HardenedAccessRefreshAuthenticator implements Authenticator<ExpiryState> {
  readonly #tokens: AccessTokens;
  readonly #options: StrategyOptions;

  constructor(tokens: AccessTokens, options: StrategyOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  authenticate(handshake: Handshake): Promise<AuthDecision<ExpiryState>> {
    return decisionOf(async () => {
      const accessToken = this.#options.extractToken(handshake);
      if (accessToken === undefined) return nothingPresented;
      const claims = await this.#tokens.verifyAccess(accessToken);
      return this.#admitted(await this.#tokens.requireCurrentPrincipal(claims), claims);
    });
  }

  authorize({ admitted }: AuthConnection<ExpiryState>): AuthDecision<ExpiryState> {
    const expiresAt = admitted.state?.expiresAt ?? 0;
    return this.#options.clock.now() < expiresAt ? admitted : refused('expired');
  }

  renew({ admitted }: AuthConnection, credential: unknown): Promise<AuthDecision<ExpiryState>> {
    return decisionOf(async () => {
      const { pair, claims } = await renewFor(this.#tokens, admitted, credential);
      return { ...this.#admitted(principalOf(claims.access), claims.access), issued: issuedOf(pair) };
    });
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#tokens.revocations.onRevoked(listener);
  }

  #admitted(principal: Admitted['principal'], { expiresAt, endsAt }: AccessClaims): Admitted<ExpiryState> {
    const cutAt = Math.min(expiresAt + this.#options.lifetimes.renewalGrace, endsAt);
    return { admitted: true, principal, promptAt: expiresAt, cutAt, state: { expiresAt } };
  }
}
