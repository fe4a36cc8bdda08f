import type { IncomingMessage, ServerResponse } from 'node:http';
import { type INestApplicationContext, Logger, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { Authenticator, noticeOf } from '../strategies/strategy.ts';
import { Connections } from './connections.ts';
import { nameOf } from './decision.ts';
import { HandshakeGate } from './handshake.gate.ts';
import { shieldHooks } from './hook-shield.ts';
import { CONNECT_TIMEOUT, type ResolvedOptions, WS_AUTH_OPTIONS } from './options.ts';

/** The largest message, in bytes. */
const MAX_MESSAGE = 64 * 1024;
const ORIGIN_REFUSED = noticeOf('origin-refused').code;

/**
 * The Socket.IO server of an app: WebSocket only, origins by allow-list, and every namespace, `/` and unknown ones
 * included, closed until a gateway opens it. Install it with `app.useWebSocketAdapter(new AuthAdapter(app))`.
 */
export class AuthAdapter extends IoAdapter {
  readonly #logger = new Logger(AuthAdapter.name);
  readonly #app: INestApplicationContext;

  constructor(app: INestApplicationContext) {
    super(app);
    this.#app = app;
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { origins, adapter } = this.#get<ResolvedOptions>(WS_AUTH_OPTIONS);
    const gate = this.#get(HandshakeGate);
    const authenticator = this.#get<Authenticator>(Authenticator);
    shieldHooks(this.#get(ModulesContainer), this.#get(Connections));
    const server = super.createIOServer(port, {
      transports: ['websocket'],
      maxHttpBufferSize: MAX_MESSAGE,
      connectTimeout: CONNECT_TIMEOUT,
      serveClient: false,
      ...(adapter && { adapter }),
      ...options,
      allowRequest: (request: IncomingMessage, answer: (error: string | null, allowed: boolean) => void) => {
        const allowed = originAllowed(request, origins);
        if (!allowed) {
          gate.foreign(request);
          forbid(request);
        }
        answer(allowed ? null : ORIGIN_REFUSED, allowed);
      },
    } as ServerOptions);
    if (authenticator.upgradeMiddleware !== undefined) {
      server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        // Engine.IO runs this before `allowRequest`; who will be refused there need not be read here.
        if (originAllowed(request, origins)) this.#read(request, response, next);
        else next();
      });
    }
    server.engine.on('connection', (transport: Socket['conn']) => gate.count(transport));
    gate.guard(server.of('/'));
    server.on('new_namespace', (namespace) => gate.guard(namespace));
    return server;
  }

  /**
   * Runs the strategy's middleware on a transport's request. What it cannot say in time, or at all, is told at CONNECT
   * and not by an HTTP error, which a client could not tell from a network's.
   */
  #read(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const authenticator = this.#get<Authenticator>(Authenticator);
    const { clock, decisionTimeout } = this.#get<ResolvedOptions>(WS_AUTH_OPTIONS);
    let settled = false;
    const settle = (error?: unknown): void => {
      if (settled) return;
      settled = true;
      cancel();
      if (error !== undefined && error !== null) {
        this.#logger.error(`The upgrade middleware failed: ${nameOf(error)}`);
        this.#get(HandshakeGate).unreadable(request);
      }
      next();
    };
    const cancel = clock.schedule(decisionTimeout, () => settle(new Error('It did not answer in time')));
    Promise.resolve()
      .then(() => authenticator.upgradeMiddleware?.(request, response, settle))
      .catch(settle);
  }

  /** Handlers are not bound for a client that was cut before they could be. */
  override bindClientConnect(server: Server, callback: (...args: unknown[]) => void): void {
    server.on('connection', (socket: Socket) => {
      if (socket.connected) callback(socket);
    });
  }

  /** A gateway whose hook sent the client away at once is told that it left, as it is of one that leaves later. */
  override bindClientDisconnect(client: Socket, callback: (...args: unknown[]) => void): void {
    if (client.connected) client.once('disconnect', callback);
    else callback();
  }

  #get<T>(token: symbol | Type<T>): T {
    return this.#app.get<T>(token, { strict: false });
  }
}

/** The status that RFC 6455 names; Engine.IO would answer 400, and finds that this has been answered. */
function forbid({ headers, socket }: IncomingMessage): void {
  if (headers.upgrade === undefined) return;
  const head = ['HTTP/1.1 403 Forbidden', 'Connection: close', 'Content-Type: text/plain'];
  socket.end([...head, `Content-Length: ${ORIGIN_REFUSED.length}`, '', ORIGIN_REFUSED].join('\r\n'));
}

/** Browsers always send Origin on an upgrade; who sends none is no browser, and has no ambient cookie to misuse. */
function originAllowed({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  return headers.origin === undefined || origins.includes(headers.origin);
}
