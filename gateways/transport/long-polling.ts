import type { IncomingMessage } from 'node:http';
import type { ServerOptions, Socket } from 'socket.io';
import type { RefusalCode } from '../../strategies/strategy.ts';
import type { Origins } from '../options/origins.ts';

/** The property in which Engine.IO keeps the parsed query of a request. */
const QUERY = '_query';

export const queryOf = (request: IncomingMessage): Readonly<Record<string, string>> =>
  (request as { [QUERY]?: Record<string, string> })[QUERY] ?? {};

/** The id of the transport that a request belongs to; undefined if the request asks for a new one. */
export const transportIdOf = (request: IncomingMessage): string | undefined => queryOf(request)['sid'] || undefined;

/** The part of Engine.IO that knows its transports. */
export interface Engine {
  readonly polling: boolean;
  /** The transport with this id. */
  connOf(id: string): Socket['conn'] | undefined;
}

/** The CORS options of a server that allows long polling: without them, no page could read the answers. */
export const corsOf = (origins: Origins): ServerOptions['cors'] =>
  origins === 'any' ? { origin: '*' } : { origin: [...origins], credentials: true };

/**
 * Why a request of long polling is refused, whichever transport it is for; undefined if it is not. A browser sends no Origin
 * with a GET that another page causes by an image or a script, and JSONP would hand the answer to that page.
 */
export function pollRefusal(request: IncomingMessage): RefusalCode | undefined {
  if (queryOf(request)['j'] !== undefined) return 'bad-message';
  const { origin, 'sec-fetch-site': site } = request.headers;
  return origin === undefined && (site === 'cross-site' || site === 'same-site') ? 'origin-refused' : undefined;
}

/**
 * Why a request is refused that belongs to a transport; undefined if it is not. The id in its URL is all that proves whose
 * it is, and proxies log URLs. So the id is worth nothing from another network.
 */
export function followUpRefusal(
  request: IncomingMessage,
  conn: Socket['conn'],
  upgraded: boolean,
  sameNetwork: boolean,
): RefusalCode | undefined {
  // To Engine.IO, a WebSocket could take the place of a WebSocket, and nothing would count it.
  if (conn.transport.name !== 'polling') return 'already-connected';
  // Engine.IO would not answer it.
  if (!upgraded && queryOf(request)['transport'] !== 'polling') return 'bad-message';
  if (!sameNetwork) return 'reconnect-required';
  // It would be read and dropped. A GET gets the last packets.
  return conn.readyState !== 'open' && request.method === 'POST' ? 'reconnect-required' : undefined;
}
