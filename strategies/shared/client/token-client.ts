import type { ClientOptions, CreateClient, IssuedCredential } from '../../strategy.ts';
import { AuthError } from '../errors.ts';
import { post } from './http-client.ts';
import type { TokenPair } from '../tokens/token-pairs.ts';

/** The HTTP verbs of the token strategies, and the pair in use. */
export class TokenClient {
  readonly #url: string;
  #pair: TokenPair | undefined;

  constructor({ url, path = 'auth' }: ClientOptions) {
    this.#url = `${url}/${path}`;
  }

  get pair(): TokenPair | undefined {
    return this.#pair;
  }

  async signIn(username: string, password: string): Promise<void> {
    this.#pair = await this.#post('login', { username, password });
  }

  /** False: there is nothing to renew with, or that has run out itself. @throws AuthError */
  async renew(): Promise<boolean> {
    if (this.#pair === undefined) return false;
    const { refreshToken } = this.#pair;
    try {
      this.#pair = await this.#post('refresh', { refreshToken });
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.code === 'expired') return false;
      throw error;
    }
  }

  async signOut(body: { everywhere?: boolean; wsToken?: string } = {}): Promise<void> {
    if (this.#pair === undefined) return;
    const { refreshToken } = this.#pair;
    this.#pair = undefined;
    await this.#post('logout', { refreshToken, ...body });
  }

  accept(issued: IssuedCredential): void {
    this.#pair = issued as unknown as TokenPair;
  }

  async #post(endpoint: string, body: object): Promise<TokenPair> {
    const response = await post(`${this.#url}/${endpoint}`, body);
    return (response.status === 204 ? undefined : await response.json()) as TokenPair;
  }
}

/** Renews with its refresh token on the connection, or over HTTP where there is none. */
export const createInBandClient: CreateClient = (options) => {
  const tokens = new TokenClient(options);
  return {
    signIn: (username, password) => tokens.signIn(username, password),
    connectOptions: () => ({ auth: { token: tokens.pair?.accessToken } }),
    accept: (issued) => tokens.accept(issued),
    renewal: () => tokens.pair && { refreshToken: tokens.pair.refreshToken },
    renew: () => tokens.renew(),
    signOut: (how) => tokens.signOut(how),
    get expiresAt() {
      return tokens.pair?.expiresAt;
    },
  };
};
