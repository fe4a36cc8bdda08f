import { ConfigurationError, ProviderError } from '../errors.ts';

/** Hosts of this machine. Plain HTTP is safe there, because nothing goes over a network. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws ConfigurationError with `code` if `url` is no URL, or if it would send tokens or keys unencrypted */
export function requireSafeUrl(code: string, name: string, url: unknown): void {
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new ConfigurationError(code, `${name} must be a URL such as https://login.example`);
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) return;
  throw new ConfigurationError(code, `${name} must begin with https: plain http is allowed only for localhost`);
}

/** Sends requests to a provider. After a failure it pauses: otherwise each handshake would send a request again. */
export class Backoff {
  readonly #pause: number;
  readonly #timeout: number;
  #until = 0;

  /** `pause` and `timeout` in ms. */
  constructor(pause: number, timeout: number) {
    this.#pause = pause;
    this.#timeout = timeout;
  }

  /** @throws ProviderError if the status is not 200 to 299, if the provider does not answer, or during the pause after a failure */
  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    if (performance.now() < this.#until)
      throw new ProviderError('The last request to the provider failed a short time ago, so it is not asked again yet');
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(this.#timeout), ...init });
      if (response.ok) return response;
      throw new ProviderError(`The provider answered with status ${response.status}`);
    } catch (error) {
      this.#until = performance.now() + this.#pause;
      throw error;
    }
  }
}
