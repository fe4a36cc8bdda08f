import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';

/** Opaque sessions of one process, with the requests that begin and end them. */
export class Sessions {
  readonly #users = new Map<string, string>();
  readonly #onEnded: (token: string) => void;
  #count = 0;

  constructor(onEnded: (token: string) => void = () => {}) {
    this.#onEnded = onEnded;
  }

  open(user = `user-${(this.#count += 1)}`): string {
    const token = randomBytes(24).toString('hex');
    this.#users.set(token, user);
    return token;
  }

  end(token: string): void {
    this.#users.delete(token);
    this.#onEnded(token);
  }

  /** @throws Error where there is no such session */
  userOf(token: unknown): string {
    const user = typeof token === 'string' ? this.#users.get(token) : undefined;
    if (user === undefined) throw new Error('unauthorized');
    return user;
  }

  /** POST /login gives `{"token": ...}`; POST /logout and /ban end the session of the bearer. */
  readonly routes: RequestListener = ({ url, headers }, response) => {
    const bearer = headers.authorization?.replace('Bearer ', '') ?? '';
    const isEnd = url === '/logout' || url === '/ban';
    if (isEnd) this.end(bearer);
    if (url === '/login') response.end(JSON.stringify({ token: this.open() }));
    else response.writeHead(isEnd ? 200 : 404).end();
  };
}

/** How an owner describes these requests. */
export const sessionRequests = {
  valid: { signIn: { url: '/login', pointer: '/token' } },
  signOut: { url: '/logout' },
  ban: { url: '/ban' },
} as const;
