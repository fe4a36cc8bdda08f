import { randomUUID } from 'node:crypto';
import type { StrategyOptions } from '../../strategy.ts';
import type { User } from '../accounts/directory.ts';
import { wholeSecond } from '../lifetimes.ts';
import type { PairClaims } from '../stores/families.ts';
import type { TokenClaims } from '../stores/token-claims.ts';
import type { TokenFormat } from './token-issuer.ts';

/** What a sign-in or a renewal hands out. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, in ms since the epoch. */
  readonly expiresAt: number;
}

/** What every token that descends from one sign-in has in common. */
type Family = Pick<TokenClaims, 'sessionId' | 'endsAt' | 'epoch'>;

export interface Issued {
  readonly pair: TokenPair;
  readonly claims: PairClaims;
}

/** Pairs of an access and a refresh token: their claims, and their signatures. */
export class TokenPairs {
  readonly #issuer: TokenFormat;
  readonly #options: Pick<StrategyOptions, 'lifetimes' | 'variant'>;

  constructor(issuer: TokenFormat, options: Pick<StrategyOptions, 'lifetimes' | 'variant'>) {
    this.#issuer = issuer;
    this.#options = options;
  }

  /**
   * The claims of a pair for `user`. Hardened, none of it outlives the sign-in.
   * @throws AuthError `account-unsupported`, so that no refresh token is spent on a pair that cannot be issued
   */
  claimsFor(user: User, issuedAt: number, { sessionId, endsAt, epoch }: Family): PairClaims {
    const { lifetimes } = this.#options;
    const claims = (lifetime: number): TokenClaims => {
      const end = wholeSecond(issuedAt + lifetime);
      const expiresAt = this.#options.variant === 'hardened' ? Math.min(end, endsAt) : end;
      return {
        subject: user.subject,
        roles: user.roles,
        sessionId,
        tokenId: randomUUID(),
        issuedAt,
        expiresAt,
        endsAt,
        epoch,
      };
    };
    const pair = { access: claims(lifetimes.accessToken), refresh: claims(lifetimes.refreshToken) };
    this.#issuer.requireIssuable('access', pair.access);
    this.#issuer.requireIssuable('refresh', pair.refresh);
    return pair;
  }

  async sign(claims: PairClaims): Promise<Issued> {
    const [accessToken, refreshToken] = await Promise.all([
      this.#issuer.issue('access', claims.access),
      this.#issuer.issue('refresh', claims.refresh),
    ]);
    return { pair: { accessToken, refreshToken, expiresAt: claims.access.expiresAt }, claims };
  }
}
