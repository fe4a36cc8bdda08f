import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { AuthError } from '../shared/errors.ts';
import { inTime } from '../shared/in-time.ts';
import type { SessionRecord, SessionStore } from '../shared/stores/sessions.ts';
import type { TokenClaims } from '../shared/stores/token-claims.ts';
import type { TokenFormat, TokenKind } from '../shared/tokens/token-issuer.ts';
import type { Clock, StrategyOptions } from '../strategy.ts';

/** 256 bits: nobody finds a token by trying. */
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
/** How long after its sign-in has ended a token is still known, in ms. */
const REMEMBERED = 24 * 3_600_000;
/** How long the store may take for one token, in ms. */
const LONGEST_ANSWER = 5000;

interface StoredToken extends SessionRecord {
  readonly claims?: TokenClaims;
}

/**
 * Random tokens that say nothing. What a token stands for is in the session store of `stores`, which every node shares,
 * under the token's SHA-256 hash: whoever reads the store finds nothing that opens a connection.
 */
export class OpaqueTokens implements TokenFormat {
  readonly #store: SessionStore;
  readonly #clock: Clock;

  constructor({ stores, clock }: Pick<StrategyOptions, 'stores' | 'clock'>) {
    this.#store = stores.sessions;
    this.#clock = clock;
  }

  /** @throws AuthError `unavailable` where the store does not answer in time */
  async issue(kind: TokenKind, claims: TokenClaims): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    // The record outlives the token: a client that comes late is told `expired`, so it renews, and it may still sign out.
    const endsAt = Math.max(claims.expiresAt, claims.endsAt) + REMEMBERED;
    const cookie = { expires: new Date(endsAt), originalMaxAge: endsAt - this.#clock.now() };
    const stored = { cookie, claims } as StoredToken;
    const set = promisify(this.#store.set.bind(this.#store, nameOf(kind, token), stored));
    await inTime(this.#clock, LONGEST_ANSWER, set);
    return token;
  }

  /** Every account fits: the token holds nothing of it. */
  requireIssuable(): void {}

  /**
   * Looks the token up by its hash. Nothing is compared here, so there is no comparison whose time could tell a secret.
   * @throws AuthError `expired` or `unauthenticated`, or `unavailable` where the store does not answer in time
   */
  async verify(kind: TokenKind, token: unknown, { evenExpired = false } = {}): Promise<TokenClaims> {
    if (typeof token !== 'string' || !TOKEN.test(token)) throw new AuthError('unauthenticated');
    const claims = await this.#find(nameOf(kind, token));
    if (claims === undefined) throw new AuthError('unauthenticated');
    if (claims.expiresAt <= this.#clock.now() && !evenExpired) throw new AuthError('expired');
    return claims;
  }

  async #find(name: string): Promise<TokenClaims | undefined> {
    const get = promisify(this.#store.get.bind(this.#store, name));
    const stored: StoredToken | null | undefined = await inTime(this.#clock, LONGEST_ANSWER, get);
    return stored?.claims;
  }
}

/** The kind is part of the name, so that no token passes in another's place. */
const nameOf = (kind: TokenKind, token: string): string =>
  `token:${kind}:${createHash('sha256').update(token).digest('base64url')}`;
