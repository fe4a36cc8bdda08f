import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { noticeOf, type RefusalCode } from '../../strategies/strategy.ts';
import { Connections } from '../connections/connections.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { originAllowed, originNamed } from '../options/origins.ts';
import { Transports } from './transports.ts';

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  414: 'URI Too Long',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/** Socket.IO keeps the request of a transport for as long as that is open, with its query and headers taken apart. */
const LONGEST_URL = 4096;
const MOST_PARAMETERS = 32;
const MOST_HEADERS = 100;

/** Where Engine.IO keeps the query of a request, as it read it. */
const QUERY = '_query';

interface HttpRefusal {
  readonly status: keyof typeof REASONS;
  readonly code: RefusalCode;
}

/** Stands before every request that would open a transport, and refuses by an HTTP status and the code. */
@Injectable()
export class UpgradeGate {
  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
  ) {}

  /** Returns whether the request may go on. A refused request has been answered. */
  admit(request: IncomingMessage, response: ServerResponse, polling: boolean): boolean {
    // Nothing would tell of the end of what begins for a client that has gone.
    if (request.socket.destroyed) return false;
    // Engine.IO has a response of its own kind for upgrades. The header Upgrade alone makes no request an upgrade.
    const upgraded = !(response instanceof ServerResponse);
    const refusal = this.#refusalOf(request, upgraded, polling);
    if (refusal === undefined) return true;
    const named = refusal.code === 'origin-refused' && { origin: originNamed(request) };
    this.connections.refused('upgrade', refusal.code, { ...this.transports.addressOf(request), ...named });
    answer(request.socket, response, refusal);
    return false;
  }

  #refusalOf(request: IncomingMessage, upgraded: boolean, polling: boolean): HttpRefusal | undefined {
    if (!originAllowed(request, this.options.origins)) return { status: 403, code: 'origin-refused' };
    const query = (request as { [QUERY]?: Record<string, string> })[QUERY] ?? {};
    const tooLarge = statusOfSize(request, query);
    if (tooLarge !== undefined) return { status: tooLarge, code: 'bad-message' };
    const { sid, transport } = query;
    const known = sid !== undefined && sid !== '';
    // Only long polling has a transport to change: to Engine.IO any transport is one, and nothing would count the other.
    if (known && !polling) return { status: 400, code: 'already-connected' };
    const opens = upgraded || (polling && transport === 'polling' && !known);
    const status = opens ? this.transports.admit(request, upgraded) : undefined;
    return status && { status, code: 'too-many-connections' };
  }
}

function statusOfSize({ url = '', rawHeaders }: IncomingMessage, query: object): 400 | 414 | 431 | undefined {
  if (url.length > LONGEST_URL) return 414;
  if (Object.keys(query).length > MOST_PARAMETERS) return 400;
  // Names and values take turns.
  return rawHeaders.length > 2 * MOST_HEADERS ? 431 : undefined;
}

function answer(socket: Socket, response: ServerResponse, { status, code }: HttpRefusal): void {
  const body = noticeOf(code).code;
  if (response instanceof ServerResponse) {
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(body);
    return;
  }
  const head = [`HTTP/1.1 ${status} ${REASONS[status]}`, 'Connection: close', 'Content-Type: text/plain'];
  socket.on('error', () => socket.destroy());
  socket.end([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  // A client that keeps its side open would hold the connection for ever.
  socket.destroySoon();
}
