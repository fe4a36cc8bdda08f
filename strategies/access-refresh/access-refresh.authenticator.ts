import { z } from 'zod';
import { AuthError } from '../shared/errors.ts';
import { principalOf, type TokenClaims } from '../shared/token-issuer.ts';
import type { TokenPair, TokenService } from '../shared/token-service.ts';
import { verdictOf } from '../shared/verdict.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Grant,
  type Handshake,
  refused,
  type Revocation,
  type StrategyOptions,
  type Verdict,
} from '../strategy.ts';

/** What a client emits to renew. */
const renewal = z.object({ refreshToken: z.string() });

/** The access token in use, verified again on every message. */
interface TokenState {
  readonly accessToken: string;
}

/** Verifies the access token on each message; a refresh token renews it on the connection. */
export class AccessRefreshAuthenticator implements Authenticator<TokenState> {
  readonly #tokens: TokenService;

  constructor(tokens: TokenService) {
    this.#tokens = tokens;
  }

  authenticate({ auth }: Handshake): Promise<Verdict<TokenState>> {
    return this.#verify(auth['token']);
  }

  authorize({ admitted }: AuthConnection<TokenState>): Promise<Verdict<TokenState>> {
    return verdictOf(async () => {
      await this.#tokens.issuer.verify('access', admitted.state?.accessToken);
      return admitted;
    });
  }

  renew({ admitted }: AuthConnection, credential: unknown): Promise<Verdict<TokenState>> {
    return verdictOf(async () => {
      const { pair, claims } = await renewFor(this.#tokens, admitted, credential);
      const state = { accessToken: pair.accessToken };
      return { admitted: true, principal: principalOf(claims.access), state, grant: grantOf(pair) };
    });
  }

  #verify(accessToken: unknown): Promise<Verdict<TokenState>> {
    return verdictOf(async () => {
      const claims = await this.#tokens.issuer.verify('access', accessToken);
      return { admitted: true, principal: principalOf(claims), state: { accessToken: accessToken as string } };
    });
  }
}

/** When the access token in use ends. */
interface ExpiryState {
  readonly expiresAt: number;
}

/** Verifies once and compares the expiry on each message; who does not renew within the grace is cut. */
export class HardenedAccessRefreshAuthenticator implements Authenticator<ExpiryState> {
  readonly #tokens: TokenService;
  readonly #options: StrategyOptions;

  constructor(tokens: TokenService, options: StrategyOptions) {
    this.#tokens = tokens;
    this.#options = options;
  }

  authenticate({ auth }: Handshake): Promise<Verdict<ExpiryState>> {
    return verdictOf(async () => {
      const claims = await this.#tokens.issuer.verify('access', auth['token']);
      return this.#admitted(await this.#tokens.holderOf(claims), claims);
    });
  }

  authorize({ admitted }: AuthConnection<ExpiryState>): Verdict<ExpiryState> {
    const expiresAt = admitted.state?.expiresAt ?? 0;
    return this.#options.clock.now() < expiresAt ? admitted : refused('expired');
  }

  renew({ admitted }: AuthConnection, credential: unknown): Promise<Verdict<ExpiryState>> {
    return verdictOf(async () => {
      const { pair, claims } = await renewFor(this.#tokens, admitted, credential);
      return { ...this.#admitted(principalOf(claims.access), claims.access), grant: grantOf(pair) };
    });
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#tokens.revocations.onRevoked(listener);
  }

  #admitted(principal: Admitted['principal'], { expiresAt, endsAt }: TokenClaims): Admitted<ExpiryState> {
    const cutAt = Math.min(expiresAt + this.#options.lifetimes.renewalGrace, endsAt);
    return { admitted: true, principal, promptAt: expiresAt, cutAt, state: { expiresAt } };
  }
}

/** Subject and sign-in are compared before the token is spent, so that a stranger's token is not. */
async function renewFor(tokens: TokenService, { principal }: Admitted, credential: unknown) {
  const parsed = renewal.safeParse(credential);
  if (!parsed.success) throw new AuthError('unauthenticated');
  const { refreshToken } = parsed.data;
  const presented = await tokens.issuer.verify('refresh', refreshToken);
  const own = presented.subject === principal.subject && presented.sessionId === principal.sessionId;
  if (!own) throw new AuthError('subject-mismatch');
  return tokens.refresh(refreshToken);
}

const grantOf = (pair: TokenPair): Grant => ({ ...pair });
