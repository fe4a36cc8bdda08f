import type { IncomingMessage } from 'node:http';
import { ConfigurationError } from '../strategies/strategy.ts';

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
      'origins must not be "any" where the credential is a cookie, since any page could use it; list',
      given,
    );
  }
  if (!Array.isArray(given)) throw refuse('origins must be a list; put into an array', given);
  for (const origin of given) requireExact(origin);
  return given as string[];
}

function requireExact(origin: unknown): void {
  if (typeof origin !== 'string') throw refuse('each of origins must be a string; write', origin);
  if (origin.includes('*')) throw refuse('origins has no wildcards; list each', origin);
  if (origin === 'null') throw refuse('origins must not hold "null", which every sandboxed page sends; list', origin);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/?#\\\s,@]+$/.exec(origin)?.[1];
  if (scheme === undefined) throw refuse('each of origins is a scheme, a host and at most a port; write', origin);
  const web = scheme === 'http' || scheme === 'https';
  if (web && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
    throw refuse('browsers write this origin otherwise; write', origin);
  }
}

const refuse = (cause: string, value: unknown): ConfigurationError =>
  new ConfigurationError('ERR_ORIGINS', `${cause} ${EXAMPLE}; got ${JSON.stringify(value)}`);

/** Browsers always send Origin on an upgrade; a client that sends none is no browser, and has no cookie to misuse. */
export const originAllowed = ({ headers }: IncomingMessage, origins: Origins): boolean =>
  headers.origin === undefined || origins === 'any' || origins.includes(headers.origin);
