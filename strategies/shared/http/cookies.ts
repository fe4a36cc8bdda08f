import { stringifySetCookie } from 'cookie';
import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import { cookieOf } from '../access-tokens/cookie.ts';
import { AuthError } from '../errors.ts';
import { hostOf, type HttpRequest, type HttpResponse, nodeResponse } from './platform.ts';

/** Whether a request came over TLS by its own socket, or as a proxy says that the application trusts. */
const cameOverTls = ({ socket, protocol }: HttpRequest): boolean =>
  (socket as { encrypted?: boolean }).encrypted === true || protocol === 'https';

/**
 * As `cameOverTls`, or if the page's Origin says so. An upgrade request passes no framework, so that behind a proxy its
 * Origin alone can tell; browsers let no page of `https:` use anything else.
 */
const isTls = (request: HttpRequest): boolean => cameOverTls(request) || /^https:/i.test(request.headers.origin ?? '');

/** A cookie under this name is taken by browsers from its own host alone, over TLS, and not from a sibling domain. */
export const hostName = (name: string): string => `__Host-${name}`;

/**
 * The name under which a cookie is set for this request, or read from it: over TLS it is never the plain one. A browser
 * sends a `__Host-` cookie over TLS alone, so that it tells where nothing else does.
 */
export function cookieName(request: HttpRequest, name: string): string {
  return isTls(request) || cookieOf(request, hostName(name)) !== undefined ? hostName(name) : name;
}

/** How the cookie is set for this request. All cookies of the kit have one path, the one that `__Host-` asks for. */
export const cookieOptions = (request: HttpRequest, name: string) => ({
  httpOnly: true,
  path: '/',
  secure: cookieName(request, name) === hostName(name),
});

type CookieOptions = NonNullable<Parameters<typeof stringifySetCookie>[2]>;

/** Adds a cookie to the answer. */
export function setCookie(response: HttpResponse, name: string, value: string, options: CookieOptions): void {
  nodeResponse(response).appendHeader('Set-Cookie', stringifySetCookie(name, value, options));
}

/**
 * Lets express-session set a secure cookie where the page alone tells that its request came over TLS. express-session asks
 * `request.secure` as the headers are written; before and after, nothing else is to take the page's word for it.
 */
export function secureWhileWritten(request: Request, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...parameters: unknown[]) => ServerResponse;
  response.writeHead = (...parameters: unknown[]) => {
    Object.defineProperty(request, 'secure', { value: true, configurable: true });
    try {
      return writeHead(...parameters);
    } finally {
      // Deleting it uncovers the getter of Express, which is on the prototype.
      Reflect.deleteProperty(request, 'secure');
    }
  };
}

/**
 * Browsers name the page that sends a POST. One of the request's own host, or on the allow-list, may; no sibling domain,
 * and over TLS no page of plain `http:`, which anyone on the network may have written.
 * @throws AuthError `origin-refused`
 */
export function requireOwnOrigin(request: HttpRequest, origins: readonly string[] = []): void {
  const { origin } = request.headers;
  if (origin === undefined || origins.includes(origin)) return;
  const { host, protocol } = URL.canParse(origin) ? new URL(origin) : { host: '', protocol: '' };
  const own = host !== '' && host === hostOf(request)?.toLowerCase();
  if (!own || (cameOverTls(request) && protocol !== 'https:')) throw new AuthError('origin-refused');
}
