import type { Principal, Revocations, StrategyOptions, TokenVerifier } from '../../strategy.ts';
import { followDirectory } from '../accounts/account-changes.ts';
import { CurrentAccounts, requireUnrevoked } from '../accounts/current-accounts.ts';
import { AuthError } from '../errors.ts';
import { wholeSecond } from '../lifetimes.ts';
import type { AccessClaims } from '../stores/token-claims.ts';
import type { Issued } from './token-pairs.ts';
import { jwtsOf, type TokenFormat } from './token-issuer.ts';
import type { AccessTokens } from './access-tokens.ts';

/** The longest token that is verified, in characters. */
const LONGEST_TOKEN = 16 * 1024;
/** How far the issuer's clock may be ahead, in ms. */
const AHEAD = 5000;

/** Access tokens of another issuer. The issuer signs in, renews and sets the expiry. The kit revokes, and ends connections. */
export class ExternalTokens implements AccessTokens {
  readonly revocations: Revocations;
  readonly #options: StrategyOptions;
  readonly #verifier: TokenVerifier;
  readonly #accounts: CurrentAccounts | undefined;
  readonly #stopListening: () => void;
  #issuer: TokenFormat | undefined;

  constructor(options: StrategyOptions, verifier: TokenVerifier) {
    this.#options = options;
    this.#verifier = verifier;
    this.revocations = options.stores.revocations;
    const { directory } = options;
    this.#accounts = directory && new CurrentAccounts(directory, this.revocations);
    this.#stopListening =
      directory && options.variant === 'hardened' ? followDirectory(options, 'roles-changed') : () => {};
  }

  /** Signs the WS tokens of `long-lived-token`. Tokens of another issuer are only verified. */
  get issuer(): TokenFormat {
    return (this.#issuer ??= jwtsOf(this.#options));
  }

  async verifyAccess(token: unknown): Promise<AccessClaims> {
    if (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN)
      throw new AuthError('unauthenticated');
    const { clock, lifetimes } = this.#options;
    const { subject, roles, sessionId, tokenId, issuedAt, expiresAt } = await this.#verifier.verify(token, clock);
    // Issued after a revocation, as it seems, which it may not have been.
    if (issuedAt > clock.now() + AHEAD) throw new AuthError('unauthenticated');
    // No revocation is remembered for longer: an older token may be one that was revoked.
    const endsAt = wholeSecond(issuedAt + lifetimes.absolute);
    if (endsAt <= clock.now()) throw new AuthError('expired');
    return {
      subject,
      roles,
      ...(sessionId !== undefined && { sessionId }),
      tokenId,
      issuedAt,
      expiresAt: Math.min(expiresAt, endsAt),
      endsAt,
    };
  }

  async requireCurrentPrincipal(claims: AccessClaims): Promise<Principal> {
    const principal = await (this.#accounts?.requirePrincipal(claims) ?? requireUnrevoked(claims, this.revocations));
    // Compared with `true`, because a check in JavaScript may return undefined for a user that is not found.
    const passes: unknown = this.#verifier.check === undefined || (await this.#verifier.check(principal));
    if (passes !== true) throw new AuthError('revoked');
    return principal;
  }

  /** The kit issues no refresh tokens here. */
  async refresh(): Promise<Issued> {
    throw new AuthError('unauthenticated');
  }

  /** Stops listening last, so that bans still take effect while connections are moved to other nodes. */
  onApplicationShutdown(): void {
    this.#stopListening();
  }
}
