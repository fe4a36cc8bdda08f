import type { Principal, Revocations, StrategyOptions, TokenVerifier } from '../../strategy.ts';
import { followDirectory } from '../accounts/account-changes.ts';
import { CurrentAccounts } from '../accounts/current-accounts.ts';
import { AuthError } from '../errors.ts';
import { wholeSecond } from '../lifetimes.ts';
import { type AccessClaims, principalOf } from '../stores/token-claims.ts';
import { hmacKey, KeyRing } from './key-ring.ts';
import type { Issued } from './token-pairs.ts';
import { type TokenFormat, TokenIssuer } from './token-issuer.ts';
import type { AccessTokens } from './access-tokens.ts';

/** The longest token that is looked at; a handshake that may hold a longer one takes other limits as well. */
const LONGEST_TOKEN = 16 * 1024;

/** Access tokens of another issuer: it signs in, renews and says when they end; the kit revokes, and ends connections. */
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

  /** For a WS token: another issuer's tokens are only read. */
  get issuer(): TokenFormat {
    const { keys, secret, clock } = this.#options;
    this.#issuer ??= new TokenIssuer(keys ?? new KeyRing(hmacKey(secret)), clock);
    return this.#issuer;
  }

  async verifyAccess(token: unknown): Promise<AccessClaims> {
    if (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN)
      throw new AuthError('unauthenticated');
    const { clock, lifetimes } = this.#options;
    const { subject, roles, sessionId, tokenId, issuedAt = 0, expiresAt } = await this.#verifier.verify(token, clock);
    // No revocation is remembered for longer: an older token may be one that was revoked.
    const endsAt = wholeSecond((issuedAt || clock.now()) + lifetimes.absolute);
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
    const principal = principalOf(claims);
    if (this.#accounts !== undefined) await this.#accounts.requirePrincipal(claims);
    else {
      const code = await this.revocations.check(principal);
      if (code !== undefined) throw new AuthError(code);
    }
    if ((await this.#verifier.check?.(principal)) === false) throw new AuthError('revoked');
    return principal;
  }

  /** The kit issues no refresh tokens here. */
  async refresh(): Promise<Issued> {
    throw new AuthError('unauthenticated');
  }

  /** Last of all: while connections are told to move, whoever is banned is banned. */
  onApplicationShutdown(): void {
    this.#stopListening();
  }
}
