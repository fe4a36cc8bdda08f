import type { Handshake } from '../contract/handshake.ts';
import { cookieOf } from './cookie.ts';

/** Finds a token in one place of a handshake. Returns undefined if there is none. */
export interface TokenExtractor {
  (handshake: Handshake): string | undefined;
  /** The token is a cookie: browsers send it with every request, whichever page causes it. */
  readonly isCookie?: boolean;
}

/** "Bearer " before a token (RFC 6750), in any case. */
const SCHEME = /^bearer +/i;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.replace(SCHEME, '') : undefined;

/**
 * From Socket.IO's `auth` payload: `io(url, { auth: { token } })`. A value that is neither a text nor null is found as an empty
 * token, so that it is refused and does not count as no token.
 */
export const fromAuth =
  (name = 'token'): TokenExtractor =>
  ({ auth }) => {
    const value = Object.hasOwn(auth, name) ? auth[name] : undefined;
    return typeof value === 'string' || value === undefined || value === null ? textOf(value) : '';
  };

/** From a header of the upgrade request, such as `Authorization: Bearer ...`. Browsers cannot set one. */
export const fromHeader =
  (name = 'authorization'): TokenExtractor =>
  ({ request }) =>
    textOf(request.headers[name.toLowerCase()]);

/** From a cookie. Browsers send it by themselves, so the application must list its `origins`, and must not allow `any`. */
export const fromCookie = (name: string): TokenExtractor =>
  Object.assign(({ request }: Handshake) => textOf(cookieOf(request, name)), { isCookie: true });

/**
 * From the query of the upgrade request: `io(url, { query: { token } })`. Use it only for clients that cannot send the token
 * elsewhere: proxies and servers write URLs into their logs, and the token with them.
 */
export const fromQuery =
  (name = 'token'): TokenExtractor =>
  ({ request }) =>
    textOf(new URL(request.url ?? '/', 'http://localhost').searchParams.get(name));

/** The first token that one of the extractors finds. */
export function firstOf(extractors: readonly TokenExtractor[]): TokenExtractor {
  const extract = (handshake: Handshake): string | undefined => {
    for (const one of extractors) {
      const token = one(handshake);
      if (token !== undefined) return token;
    }
    return undefined;
  };
  return Object.assign(extract, { isCookie: extractors.some(({ isCookie }) => isCookie) });
}

/** Functions that make an extractor. Passed without a call, as `fromAuth` instead of `fromAuth()`, they find no token. */
export const makers: readonly unknown[] = [fromAuth, fromHeader, fromCookie, fromQuery];
