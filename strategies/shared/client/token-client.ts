import type { ClientOptions, CreateClient, IssuedCredential } from '../../strategy.ts';
import type { TokenPair } from '../tokens/token-pairs.ts';
import { AuthError } from '../errors.ts';
import { jsonOf, post } from './http-client.ts';
import { exclusively, inTurn, type Locks, webLocks } from './locks.ts';
import { isPair, StoredTokens, type Tokens } from './stored-tokens.ts';
import { inMemory } from './token-storage.ts';

/** The HTTP verbs of the token strategies, and the tokens in use. All tabs of one storage renew in turn. */
export class TokenClient {
  readonly #options: ClientOptions;
  readonly #endpoints: string;
  readonly #name: string;
  readonly #locks: Locks;
  readonly #stored: StoredTokens;
  /** The credential that this client sent or got last. If the storage has another one, another tab has renewed. */
  #used: string | undefined;
  #renewing: Promise<boolean> | undefined;
  /** The refresh token that was sent on the connection last. */
  #sent: string | undefined;
  /** The refresh token that was stored beside the credential of the last CONNECT. */
  #connectedWith: string | undefined;

  constructor(options: ClientOptions) {
    const { url, path = 'auth', storage } = options;
    this.#options = options;
    this.#endpoints = `${url}/${path}`;
    this.#name = options.storageKey ?? `ws-auth:${this.#endpoints}`;
    this.#locks = options.lock ?? (storage && webLocks()) ?? inTurn();
    this.#stored = new StoredTokens(storage ?? inMemory(), this.#name);
    this.#used = credentialOf(this.#stored.now);
  }

  get tokens(): Tokens | undefined {
    return this.#stored.now;
  }

  /** The tokens for a CONNECT; undefined: nobody is signed in. */
  use(): Tokens | undefined {
    const tokens = this.#stored.now;
    this.#used = credentialOf(tokens);
    this.#connectedWith = tokens?.refreshToken;
    return tokens;
  }

  /** Reads a storage that answers later. */
  async prepare(): Promise<void> {
    this.#used = credentialOf(await this.#stored.load());
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.#keep(await this.#pair('login', { username, password }));
  }

  /**
   * Gets fresh tokens, unless another tab just has.
   * @returns false: there is nothing to renew with, or that has run out itself
   * @throws AuthError or ConnectionError
   */
  renew(): Promise<boolean> {
    this.#renewing ??= this.#renew(this.#used).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(used: string | undefined): Promise<boolean> {
    // The tab that has renewed may be frozen before it lets go of the lock.
    if (await this.#isRenewed(used).catch(() => false)) return true;
    return this.exclusively(async () => {
      if (await this.#isRenewed(used)) return true;
      const tokens = await this.#stored.load();
      if (tokens === undefined) return false;
      const { refreshToken } = tokens;
      try {
        const renewed = await this.#pair('refresh', { refreshToken });
        await this.#keepAfter(refreshToken, renewed);
        return this.#stored.now !== undefined;
      } catch (error) {
        if (error instanceof AuthError && error.code === 'expired') return false;
        throw error;
      }
    });
  }

  /** Whether another tab has replaced this credential meanwhile. */
  async #isRenewed(used: string | undefined): Promise<boolean> {
    const current = credentialOf(await this.#stored.load());
    if (used === undefined || current === undefined || used === current) return false;
    this.#used = current;
    return true;
  }

  exclusively<T>(task: () => Promise<T>): Promise<T> {
    return exclusively(this.#locks, this.#name, task);
  }

  /** The credential that renews a connection: the access token if another tab just got it and the server takes it, or the refresh token. */
  async renewal(takesAccessToken: boolean): Promise<Record<string, string> | undefined> {
    const used = this.#used;
    const tokens = await this.#stored.load();
    this.#sent = tokens?.refreshToken;
    this.#used = credentialOf(tokens);
    if (tokens === undefined) return undefined;
    const { accessToken, refreshToken } = tokens;
    return takesAccessToken && used !== undefined && used !== accessToken ? { accessToken } : { refreshToken };
  }

  /** Keeps the pair that the connection was renewed with. A renewal by access token brings none. */
  async accept(issued: IssuedCredential): Promise<void> {
    if (isPair(issued)) await this.#keepAfter(this.#sent, issued);
  }

  /** Keeps what a CONNECT brought beside its pair, until that is renewed. A pair that came later may be another user's. */
  async keepIssued(issued: IssuedCredential): Promise<void> {
    const tokens = this.#stored.now;
    if (tokens !== undefined && tokens.refreshToken === this.#connectedWith) await this.#keep({ ...tokens, issued });
  }

  /** It is over here at once, whether the server can be reached or not. */
  async signOut(body: { everywhere?: boolean; wsToken?: unknown } = {}): Promise<void> {
    const tokens = this.#stored.now ?? (await this.#stored.load());
    if (tokens === undefined) return;
    await this.#keep(undefined);
    await this.#post('logout', { refreshToken: tokens.refreshToken, ...body });
  }

  async #keep(tokens: Tokens | undefined): Promise<void> {
    this.#used = credentialOf(tokens);
    await this.#stored.keep(tokens);
  }

  /** Keeps what a refresh token has brought, unless it was replaced meanwhile: by a sign-out, or another sign-in. */
  async #keepAfter(refreshToken: string | undefined, tokens: Tokens): Promise<void> {
    if ((await this.#stored.load())?.refreshToken === refreshToken) await this.#keep(tokens);
  }

  async #pair(endpoint: string, body: object): Promise<TokenPair> {
    const pair = await jsonOf(await this.#post(endpoint, body));
    // A proxy may answer in the server's place. What is kept already must not be lost for that.
    if (!isPair(pair)) throw new AuthError('failed');
    return pair;
  }

  #post(endpoint: string, body: object): Promise<Response> {
    const { headers, fetch } = this.#options;
    return post(`${this.#endpoints}/${endpoint}`, body, headers, fetch);
  }
}

/** Tells one credential for CONNECT from the next. */
const credentialOf = (tokens: Tokens | undefined): string | undefined =>
  tokens?.issued === undefined ? tokens?.accessToken : JSON.stringify(tokens.issued);

/**
 * Renews with its refresh token on the connection, or over HTTP where there is none.
 * @param takesAccessToken whether the server renews a connection with an access token that another tab got
 */
export const inBandClient =
  (takesAccessToken: boolean): CreateClient =>
  (options) => {
    const tokens = new TokenClient(options);
    return {
      prepare: () => tokens.prepare(),
      signIn: (username, password) => tokens.signIn(username, password),
      connectOptions: () => ({ auth: { token: tokens.use()?.accessToken } }),
      accept: (issued) => tokens.accept(issued),
      exclusively: (renewal) => tokens.exclusively(renewal),
      renewal: () => tokens.renewal(takesAccessToken),
      renew: () => tokens.renew(),
      signOut: (how) => tokens.signOut(how),
      get expiresAt() {
        return tokens.tokens?.expiresAt;
      },
    };
  };
