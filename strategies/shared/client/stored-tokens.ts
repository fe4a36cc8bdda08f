import type { IssuedCredential } from '../../strategy.ts';
import type { TokenPair } from '../tokens/token-pairs.ts';
import type { TokenStorage } from './token-storage.ts';

/** The tokens that a client keeps, as JSON under one key. The server issued `issued` on a connection. */
export type Tokens = TokenPair & { readonly issued?: IssuedCredential };

/** The tokens of a client in its storage. Content that is not understood counts as signed out. */
export class StoredTokens {
  readonly #storage: TokenStorage;
  readonly #key: string;
  /** As last read or written. */
  #known: Tokens | undefined;
  /** A write has failed: what the storage holds may be spent, and is not read again. */
  #failed = false;

  constructor(storage: TokenStorage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** The tokens that any tab wrote last, if the storage answers at once; otherwise those that this client knows. */
  get now(): Tokens | undefined {
    const read = this.#read();
    if (!(read instanceof Promise)) this.#known = read;
    return this.#known;
  }

  /** Rejects where a storage that answers later fails: the tokens may still be there. */
  async load(): Promise<Tokens | undefined> {
    return (this.#known = await this.#read());
  }

  /** `undefined` removes them. If the storage refuses, this client goes on from memory. */
  async keep(tokens: Tokens | undefined): Promise<void> {
    this.#known = tokens;
    try {
      await (tokens === undefined ? this.#remove() : this.#storage.setItem(this.#key, JSON.stringify(tokens)));
      this.#failed = false;
    } catch {
      this.#failed = true;
      // A spent token in the storage would make the next tab look like a thief.
      if (tokens !== undefined) await this.#remove().catch(() => {});
    }
  }

  async #remove(): Promise<void> {
    await this.#storage.removeItem(this.#key);
  }

  #read(): Tokens | undefined | Promise<Tokens | undefined> {
    if (this.#failed) return this.#known;
    try {
      const content = this.#storage.getItem(this.#key);
      return content instanceof Promise ? content.then(parsed) : parsed(content);
    } catch {
      // A browser may forbid a page its storage.
      return undefined;
    }
  }
}

function parsed(content: string | null | undefined): Tokens | undefined {
  try {
    const tokens: unknown = JSON.parse(content ?? '');
    return isPair(tokens) ? tokens : undefined;
  } catch {
    return undefined;
  }
}

export function isPair(value: unknown): value is TokenPair {
  const { accessToken, refreshToken, expiresAt } = (value ?? {}) as Partial<TokenPair>;
  return typeof accessToken === 'string' && typeof refreshToken === 'string' && typeof expiresAt === 'number';
}
