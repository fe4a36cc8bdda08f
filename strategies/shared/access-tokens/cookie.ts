import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';

/** The cookie of this name, decoded; the first one if a request has several. Undefined if it has none. */
export const cookieOf = ({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined =>
  parseCookie(headers.cookie ?? '')[name];
