import { type IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { noticeOf, type RefusalCode } from '../../strategies/strategy.ts';
import { Connections } from '../connections/connections.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { originAllowed, originNamed, type Origins } from '../options/origins.ts';
import { type Engine, followUpRefusal, pollRefusal, queryOf, transportIdOf } from './long-polling.ts';
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

interface HttpRefusal {
  readonly status: keyof typeof REASONS;
  readonly code: RefusalCode;
}

/** The statuses of refusals, where it is not 400. */
const statuses: Partial<Record<RefusalCode, HttpRefusal['status']>> = {
  'origin-refused': 403,
  'too-many-packets': 429,
};
const refusal = (code: RefusalCode | undefined): HttpRefusal | undefined =>
  code && { status: statuses[code] ?? 400, code };

/** Stands before every request that would open a transport or belongs to one, and refuses by an HTTP status and the code. */
@Injectable()
export class UpgradeGate {
  #toldOfPolling = false;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
  ) {}

  /** Returns whether the request may go on. A refused request has been answered. */
  admit(request: IncomingMessage, response: ServerResponse, engine: Engine): boolean {
    // Nothing would tell of the end of what begins for a client that has gone.
    if (request.socket.destroyed) return false;
    // Engine.IO has a response of its own kind for upgrades. The header Upgrade alone makes no request an upgrade.
    const upgraded = !(response instanceof ServerResponse);
    const refused = this.#refusalOf(request, upgraded, engine);
    if (refused === undefined) return true;
    const named = refused.code === 'origin-refused' && { origin: originNamed(request) };
    this.connections.refused('upgrade', refused.code, { ...this.transports.addressOf(request), ...named });
    if (refused.code === 'transport-unsupported') this.#tellOfPolling();
    answer(request, response, refused, this.options.origins);
    return false;
  }

  #refusalOf(request: IncomingMessage, upgraded: boolean, engine: Engine): HttpRefusal | undefined {
    if (!originAllowed(request, this.options.origins)) return refusal('origin-refused');
    const query = queryOf(request);
    const tooLarge = statusOfSize(request, query);
    if (tooLarge !== undefined) return { status: tooLarge, code: 'bad-message' };
    const { transport } = query;
    if (!engine.polling && transport === 'polling') return refusal('transport-unsupported');
    const id = transportIdOf(request);
    // Only long polling has a transport to change: to Engine.IO any transport is one, and nothing would count the other.
    if (id !== undefined && !engine.polling) return refusal('already-connected');
    const polled = engine.polling && !upgraded;
    const code = (polled && pollRefusal(request)) || (id && this.#refusalOfNext(request, upgraded, engine.connOf(id)));
    if (code) return refusal(code);
    const opens = upgraded || (polled && transport === 'polling' && id === undefined);
    const status = opens ? this.transports.admit(request, upgraded) : undefined;
    return status && { status, code: 'too-many-connections' };
  }

  /** The refusal of a request that belongs to a transport. Engine.IO answers a request of a transport that is not there. */
  #refusalOfNext(
    request: IncomingMessage,
    upgraded: boolean,
    conn: ReturnType<Engine['connOf']>,
  ): RefusalCode | undefined {
    if (conn === undefined) return undefined;
    const networks = [request, conn.request].map((one) => this.transports.addressOf(one).network);
    const code = followUpRefusal(request, conn, upgraded, networks[0] === networks[1]);
    if (code !== undefined || conn.readyState !== 'open') return code;
    return this.transports.takeRequest(conn, request) ? undefined : 'too-many-packets';
  }

  /** Once: the security log tells of each client, and bounds what it writes. */
  #tellOfPolling(): void {
    if (this.#toldOfPolling) return;
    this.#toldOfPolling = true;
    new Logger('WsAuthModule').warn(
      "A client asked for long polling, which is off, and got HTTP 400. Connect with io(url, { transports: ['websocket'] }). " +
        "To allow long polling, pass transports: ['polling', 'websocket'] to WsAuthModule.forRoot",
    );
  }
}

function statusOfSize({ url = '', rawHeaders }: IncomingMessage, query: object): 400 | 414 | 431 | undefined {
  if (url.length > LONGEST_URL) return 414;
  if (Object.keys(query).length > MOST_PARAMETERS) return 400;
  // Names and values take turns.
  return rawHeaders.length > 2 * MOST_HEADERS ? 431 : undefined;
}

function answer(
  { socket, headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  { status, code }: HttpRefusal,
  origins: Origins,
): void {
  if (response instanceof ServerResponse && code === 'transport-unsupported') {
    // A page that may connect can read what to change.
    if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origins === 'any' ? '*' : origin);
    response.writeHead(status, { 'Content-Type': 'application/json', Vary: 'Origin' });
    response.end(JSON.stringify(noticeOf(code)));
    return;
  }
  if (response instanceof ServerResponse) {
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(code);
    return;
  }
  const head = [`HTTP/1.1 ${status} ${REASONS[status]}`, 'Connection: close', 'Content-Type: text/plain'];
  socket.on('error', () => socket.destroy());
  socket.end([...head, `Content-Length: ${code.length}`, '', code].join('\r\n'));
  // A client that keeps its side open would hold the connection for ever.
  socket.destroySoon();
}
