import { ConfigurationError } from '../errors.ts';

/** Hosts of this machine, to which plain HTTP shows nobody a token or a key. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws ConfigurationError with `code` where `url` is none, or would send what it sends in the clear */
export function requireSafeUrl(code: string, name: string, url: unknown): void {
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new ConfigurationError(code, `${name} must be a URL such as https://login.example`);
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) return;
  throw new ConfigurationError(code, `${name} must begin with https: plain http is for this machine alone`);
}

/** Asks a provider, and leaves it alone for a while after it did not answer: otherwise each handshake would ask again. */
export class Backoff {
  readonly #pause: number;
  readonly #timeout: number;
  #until = 0;

  /** `pause` and `timeout` in ms. */
  constructor(pause: number, timeout: number) {
    this.#pause = pause;
    this.#timeout = timeout;
  }

  /** @throws Error where it does not answer with a status of 200 to 299, or was not asked since it did not lately */
  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    if (performance.now() < this.#until) throw new Error('The provider did not answer a short time ago');
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(this.#timeout), ...init });
      if (response.ok) return response;
      throw new Error(`The provider answered with status ${response.status}`);
    } catch (error) {
      this.#until = performance.now() + this.#pause;
      throw error;
    }
  }
}
