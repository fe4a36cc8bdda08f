import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { noticeOf, type RefusalCode } from '../strategies/strategy.ts';
import { Connections } from './connections.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options.ts';
import { originAllowed } from './origins.ts';
import { Transports } from './transports.ts';

const REASONS = { 400: 'Bad Request', 403: 'Forbidden', 429: 'Too Many Requests', 503: 'Service Unavailable' };

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

  /** Whether the request may go on; where it may not, it has been answered. */
  admit(request: IncomingMessage, response: ServerResponse, polling: boolean): boolean {
    const refusal = this.#refusalOf(request, polling);
    if (refusal === undefined) return true;
    this.connections.refused('upgrade', refusal.code, this.transports.addressOf(request));
    answer(request, response, refusal);
    return false;
  }

  #refusalOf(request: IncomingMessage, polling: boolean): HttpRefusal | undefined {
    if (!originAllowed(request, this.options.origins)) return { status: 403, code: 'origin-refused' };
    const known = new URLSearchParams(request.url?.split('?')[1]).has('sid');
    // Only long polling has a transport to change: to Engine.IO any transport is one, and nothing would count the other.
    if (known && !polling) return { status: 400, code: 'already-connected' };
    if (known && request.headers.upgrade === undefined) return undefined;
    const status = this.transports.admit(request);
    return status && { status, code: 'too-many-connections' };
  }
}

function answer({ headers, socket }: IncomingMessage, response: ServerResponse, { status, code }: HttpRefusal): void {
  const body = noticeOf(code).code;
  if (headers.upgrade === undefined) {
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(body);
    return;
  }
  const head = [`HTTP/1.1 ${status} ${REASONS[status]}`, 'Connection: close', 'Content-Type: text/plain'];
  socket.on('error', () => socket.destroy());
  socket.end([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  // A client that keeps its side open would hold the connection for ever.
  socket.destroySoon();
}
