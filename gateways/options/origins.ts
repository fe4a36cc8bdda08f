import type { IncomingMessage } from 'node:http';
import { ConfigurationError } from '../../strategies/shared/errors.ts';

/** Which pages may connect: exact origins, or any client where no browser sends the credential by itself. */
export type Origins = readonly string[] | 'any';

const EXAMPLE = 'an exact origin such as "https://app.example"';

/**
 * The origins of an application as they were given.
 * @param cookie whether the strategy's credential is a cookie, which a browser sends whatever page asked for it
 * @throws ConfigurationError `ERR_ORIGINS`: an entry that no browser would ever send admits nobody, without a word
 */
export function requireOrigins(given: unknown, cookie: boolean): Origins {
  if (given === 'any') {
    if (!cookie) return given;
    throw refuse(
      'origins must not be "any" for a strategy whose credential is a cookie: any page could use that cookie. List',
      given,
    );
  }
  if (!Array.isArray(given)) throw refuse('origins must be an array. Pass an array with', given);
  for (const origin of given) requireExact(origin);
  return given as string[];
}

function requireExact(origin: unknown): void {
  if (typeof origin !== 'string') throw refuse('each entry of origins must be a string. List', origin);
  if (origin.includes('*')) throw refuse('origins takes no wildcards. List every origin by itself, as', origin);
  if (origin === 'null')
    throw refuse('origins must not contain "null", which every sandboxed page sends. List', origin);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\\\s,@]+$/.exec(origin)?.[1];
  if (scheme === undefined) {
    const form = 'scheme://host or scheme://host:port, without a path or a trailing slash';
    throw refuse(`an entry of origins must be ${form}. List`, origin);
  }
  if (scheme !== 'http' && scheme !== 'https') return;
  if (!URL.canParse(origin)) throw refuse('an entry of origins is not a valid origin. List', origin);
  const sent = new URL(origin).origin;
  if (sent !== origin) throw refuse('an entry of origins is not written as browsers send it. List', origin, sent);
}

const refuse = (cause: string, value: unknown, right?: string): ConfigurationError =>
  new ConfigurationError(
    'ERR_ORIGINS',
    `${cause} ${right === undefined ? EXAMPLE : JSON.stringify(right)}; got ${JSON.stringify(value)}`,
  );

/** Returns whether the `cors` option of a gateway allows exactly these origins. */
export function originsOfCors(cors: unknown, origins: Origins): boolean {
  const named: unknown = typeof cors === 'object' && cors !== null && 'origin' in cors ? cors.origin : cors;
  if (named === false || named === undefined) return origins !== 'any' && origins.length === 0;
  if (named === true || named === '*') return origins === 'any';
  const list: readonly unknown[] = Array.isArray(named) ? named : [named];
  return origins !== 'any' && list.length === origins.length && list.every((one) => origins.includes(one as string));
}

/** Browsers always send Origin on an upgrade; a client that sends none is no browser, and has no cookie to misuse. */
export const originAllowed = ({ headers }: IncomingMessage, origins: Origins): boolean =>
  headers.origin === undefined || origins === 'any' || origins.includes(headers.origin);

/** How much of an origin a log keeps, in characters. */
const NAMED = 100;

/** The origin of a request, for a log. A client can send any header, so a value that is not an origin is not repeated. */
export function originNamed({ headers: { origin = '' } }: IncomingMessage): string {
  if (origin === 'null') return origin;
  return URL.canParse(origin) && new URL(origin).origin === origin ? origin.slice(0, NAMED) : 'not an origin';
}
