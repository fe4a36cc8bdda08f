import { parseCookie } from 'cookie';
import type { Handshake } from '../handshake.ts';

/** Finds a token in a handshake; undefined where it has none there. */
export interface TokenExtractor {
  (handshake: Handshake): string | undefined;
  /** Browsers send it by themselves, whatever page asked them to. */
  readonly isCookie?: boolean;
}

/** "Bearer " before a token (RFC 6750), in any case. */
const SCHEME = /^bearer +/i;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.replace(SCHEME, '') : undefined;

/** From Socket.IO's `auth` payload: `io(url, { auth: { token } })`. */
export const fromAuth =
  (name = 'token'): TokenExtractor =>
  ({ auth }) =>
    textOf(Object.hasOwn(auth, name) ? auth[name] : undefined);

/** From a header of the upgrade request, such as `Authorization: Bearer ...`. Browsers cannot set one. */
export const fromHeader =
  (name = 'authorization'): TokenExtractor =>
  ({ request }) =>
    textOf(request.headers[name.toLowerCase()]);

/** From a cookie, which a browser sends by itself: the app must list its `origins`, and must not allow any. */
export const fromCookie = (name: string): TokenExtractor =>
  Object.assign(({ request }: Handshake) => textOf(parseCookie(request.headers.cookie ?? '')[name]), {
    isCookie: true,
  });

/**
 * From the query of the upgrade request: `io(url, { query: { token } })`. Proxies and servers write URLs into their logs,
 * and so the token: use it only for clients that can send it nowhere else.
 */
export const fromQuery =
  (name = 'token'): TokenExtractor =>
  ({ request }) =>
    textOf(new URL(request.url ?? '/', 'http://localhost').searchParams.get(name));

/** The first token that one of the extractors finds. */
export const firstOf =
  (extractors: readonly TokenExtractor[]): TokenExtractor =>
  (handshake) => {
    for (const extract of extractors) {
      const token = extract(handshake);
      if (token !== undefined) return token;
    }
    return undefined;
  };
