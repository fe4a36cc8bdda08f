import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Principal, RefusalCode, StrategyOptions } from '../../strategy.ts';
import { followDirectory } from '../accounts/account-changes.ts';
import { ConcurrencyLimiter } from '../concurrency-limiter.ts';
import type { AccessTokens } from './access-tokens.ts';
import { CurrentAccounts } from '../accounts/current-accounts.ts';
import { requireDirectory } from '../accounts/directory.ts';
import { AuthError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import type { PairClaims, RefreshFamilies } from '../stores/families.ts';
import type { Revocations } from '../stores/revocations.ts';
import { sameRoles } from '../revocation.ts';
import { SessionLimit } from '../accounts/session-limit.ts';
import { longestCredential, wholeSecond } from '../lifetimes.ts';
import { type Issued, type TokenPair, TokenPairs } from './token-pairs.ts';
import { type Identified, SignIn } from '../accounts/sign-in.ts';
import { type AccessClaims, type TokenClaims, principalOf } from '../stores/token-claims.ts';
import { jwtsOf, type TokenFormat } from './token-issuer.ts';

/** Over HTTP; one more than may wait is refused as `unavailable`. */
const REFRESHES = { atOnce: 64, waiting: 1000 };
/** In ms: one that hangs leaves its place to the next. */
const LONGEST_REFRESH = 10_000;

/**
 * Sign-in, renewal and sign-out of the token strategies. As published it keeps no state: a refresh token may be
 * used again until it expires, and signing out only tells the client to forget. Hardened, refresh tokens rotate
 * within a family, reuse ends the family, and sign-out, ban and changed roles or password revoke.
 */
export class TokenService implements AccessTokens {
  readonly issuer: TokenFormat;
  readonly revocations: Revocations;
  readonly #families: RefreshFamilies;
  readonly #accounts: CurrentAccounts;
  readonly #refreshes = new ConcurrencyLimiter(REFRESHES);
  readonly #signIn: SignIn;
  readonly #options: StrategyOptions;
  readonly #pairs: TokenPairs;
  readonly #limit: SessionLimit;
  readonly #stateful: boolean;
  readonly #stopListening: () => void;

  /** `format` makes and reads the tokens; by default they are JWTs, signed by the keys or the secret of `options`. */
  constructor(options: StrategyOptions, format: TokenFormat = jwtsOf(options)) {
    this.#options = options;
    this.#signIn = new SignIn(options);
    this.#stateful = options.variant === 'hardened';
    this.issuer = format;
    this.#pairs = new TokenPairs(this.issuer, options);
    this.#limit = new SessionLimit(options);
    this.revocations = options.stores.revocations;
    this.#families = options.stores.families;
    this.#accounts = new CurrentAccounts(requireDirectory(options), this.revocations);
    this.#stopListening = this.#stateful ? followDirectory(options, 'roles-changed') : () => {};
  }

  /** @throws AuthError as `SignIn` does, or `account-unsupported`, or `revoked` where all sign-ins were ended meanwhile */
  async signIn(username: string, password: string, request?: IncomingMessage): Promise<Issued> {
    const issuedAt = this.#options.clock.now();
    return this.#begin(await this.#signIn.userBy({ username, password }, issuedAt, request), issuedAt);
  }

  /**
   * Signs in a user whom the application has identified by itself, for example by OAuth or a one-time password.
   * Returns what `POST /auth/login` returns.
   * @throws AuthError `revoked` if the directory does not know the subject, `banned`, or as `signIn`
   * @example return tokens.issueFor(user.id)
   */
  async issueFor(subject: string): Promise<TokenPair> {
    const issuedAt = this.#options.clock.now();
    // Before the directory is asked: a change of the account meanwhile begins a later epoch.
    const epoch = await this.revocations.epoch();
    const user = await this.#accounts.requireActive(subject);
    const { pair } = await this.#begin({ user, epoch }, issuedAt);
    this.#options.report({ event: 'sign-in', at: issuedAt, subject });
    return pair;
  }

  async #begin({ user, epoch }: Identified, issuedAt: number): Promise<Issued> {
    const endsAt = wholeSecond(issuedAt + this.#options.lifetimes.absolute);
    const family = { sessionId: randomUUID(), endsAt, epoch };
    if (!this.#stateful) return this.#pairs.sign(this.#pairs.claimsFor(user, issuedAt, family));
    const claims = this.#pairs.claimsFor(await this.#accounts.withCurrentRoles(user), issuedAt, family);
    await this.#families.begin(claims);
    const issued = await this.#pairs.sign(claims);
    const principal = principalOf(claims.access);
    // Last of all, so that no token is handed out that was revoked meanwhile.
    const code = (await this.#limit.enter(principal)) ?? (await this.revocations.check(principal));
    if (code === undefined || code === 'roles-changed') return issued;
    await this.#families.end(claims.access.sessionId);
    throw new AuthError(code);
  }

  verifyAccess(token: unknown): Promise<TokenClaims> {
    return this.issuer.verify('access', token);
  }

  /**
   * `requireUsable` gets the claims of the valid token before it is spent, and throws where it is not to be spent here.
   * @throws AuthError `unauthenticated`, `expired`, `revoked`, `banned` or `token-reused`; whatever `requireUsable` throws
   */
  async refresh(refreshToken: unknown, requireUsable = (_: TokenClaims): void => {}): Promise<Issued> {
    const presented = await this.issuer.verify('refresh', refreshToken);
    requireUsable(presented);
    const issuedAt = this.#options.clock.now();
    const user = await this.#accounts.requireActive(presented.subject);
    // Its caller was told so, and has asked again: done now, it would make them a thief.
    if (this.#options.clock.now() >= issuedAt + LONGEST_REFRESH) throw new AuthError('unavailable');
    const next = this.#pairs.claimsFor(
      this.#stateful ? await this.#accounts.withCurrentRoles(user) : user,
      issuedAt,
      presented,
    );
    const issued = await this.#pairs.sign(this.#stateful ? await this.#rotate(presented, next) : next);
    // Last of all: what was revoked meanwhile, or since the answer that is given again, is not handed out.
    const code = this.#stateful ? await this.revocations.check(principalOf(issued.claims.access)) : undefined;
    if (code !== undefined) throw new AuthError(code);
    return issued;
  }

  /** As `refresh`, for whom `request` is of: in its turn, and not for who has left meanwhile, unanswered. */
  refreshFor({ socket }: IncomingMessage, refreshToken: unknown): Promise<Issued> {
    return this.#refreshes.run(() => {
      if (socket.destroyed) throw new AuthError('unavailable');
      return inTime(this.#options.clock, LONGEST_REFRESH, () => this.refresh(refreshToken));
    });
  }

  /**
   * Ends the sign-in that `refreshToken` belongs to, or all of its subject; nothing as published.
   * @throws AuthError where the token is invalid; `revoked` where it is to end them all, and its own has ended already
   */
  async signOut(refreshToken: unknown, everywhere: boolean): Promise<void> {
    // What was issued may outlive the refresh token, and its holder may always leave.
    const claims = await this.issuer.verify('refresh', refreshToken, { evenExpired: true });
    const { subject, sessionId, endsAt } = claims;
    const now = this.#options.clock.now();
    const stands = this.#stateful && endsAt > now && (await this.#stands(claims));
    // Nothing is left of it.
    const over = this.#stateful && (endsAt <= now || (!stands && (await this.#endedWithAll(claims))));
    if (over && everywhere) throw new AuthError('revoked');
    if (over) return;
    this.#options.report({ event: 'sign-out', at: now, subject });
    if (!this.#stateful) return;
    if (everywhere && stands) return this.revocations.publish({ code: 'revoked', subject }, this.#latestExpiry());
    await Promise.all([
      this.revocations.publish({ code: 'revoked', subject, sessionId }, this.#latestExpiry()),
      this.#families.end(sessionId),
    ]);
    // Of the others it decides nothing: whoever stole it could sign its owner out for ever.
    if (everywhere) throw new AuthError('revoked');
  }

  requireCurrentPrincipal(claims: AccessClaims): Promise<Principal> {
    return this.#accounts.requirePrincipal(claims);
  }

  /** Denies one token by its id, from now until it would have expired; one that has ended with its sign-in stays so. */
  async denyToken(claims: TokenClaims): Promise<void> {
    if (!this.#stateful || isFinal(await this.revocations.check(principalOf(claims)))) return;
    const { subject, tokenId, expiresAt } = claims;
    await this.revocations.publish({ code: 'revoked', subject, tokenId }, expiresAt);
  }

  /** Last of all: while connections are told to move, whoever is banned is banned. */
  onApplicationShutdown(): void {
    this.#stopListening();
  }

  /** Whether a sign-in goes on; true if a store fails. Its family ends with its refresh token at the latest. */
  async #stands(claims: TokenClaims): Promise<boolean> {
    const { subject, sessionId, expiresAt } = claims;
    try {
      if (expiresAt > this.#options.clock.now()) return await this.#families.has(subject, sessionId);
      const code = await this.revocations.check(principalOf(claims));
      return code === undefined || code === 'roles-changed';
    } catch {
      return true;
    }
  }

  /** Whether all of the account's sign-ins of the same epoch have ended. */
  async #endedWithAll({ subject, roles, epoch }: TokenClaims): Promise<boolean> {
    return isFinal(await this.revocations.check({ subject, roles, epoch }));
  }

  async #rotate(presented: TokenClaims, next: PairClaims): Promise<PairClaims> {
    const { clock, lifetimes } = this.#options;
    const rotation = await this.#families.rotate(
      presented.sessionId,
      presented.tokenId,
      next,
      clock.now(),
      lifetimes.reuseGrace,
    );
    if ('pair' in rotation) {
      const { access, refresh } = rotation.pair;
      if (sameRoles(access.roles, next.access.roles)) return rotation.pair;
      // The same place in the family, for its holder as things stand now.
      return { access: next.access, refresh: { ...next.refresh, tokenId: refresh.tokenId } };
    }
    if (rotation.outcome === 'gone') {
      const code = await this.revocations.check(principalOf(presented));
      throw new AuthError(code === 'banned' ? code : 'revoked');
    }
    const { subject, sessionId } = presented;
    this.#options.report({ event: 'reuse', at: clock.now(), code: 'token-reused', subject });
    await this.revocations.publish({ code: 'token-reused', subject, sessionId }, this.#latestExpiry());
    throw new AuthError('token-reused');
  }

  /** No credential that is out now lives past this; in ms since the epoch. */
  #latestExpiry(): number {
    return this.#options.clock.now() + longestCredential(this.#options.lifetimes);
  }
}

/** Whether a refusal under `code` is final. A ban is not: it may be lifted. */
const isFinal = (code: RefusalCode | undefined): boolean =>
  code === 'revoked' || code === 'token-reused' || code === 'signed-in-elsewhere';
