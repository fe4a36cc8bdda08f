import type { IncomingMessage, ServerResponse } from 'node:http';
import { type INestApplicationContext, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { inTime } from '../strategies/shared/in-time.ts';
import { passed } from '../strategies/shared/passed.ts';
import type { Authenticator } from '../strategies/strategy.ts';
import { Authenticators } from './authenticators.ts';
import { logFailure } from './log/bounded-log.ts';
import { webSocketServer } from './transport/bounded-web-socket-server.ts';
import { Connections } from './connections/connections.ts';
import { Answers } from './messages/answers.ts';
import { MessageGuard } from './messages/message.guard.ts';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { shieldHooks } from './connections/hook-shield.ts';
import { CONNECT_TIMEOUT, type ResolvedOptions, WS_AUTH_OPTIONS } from './options/options.ts';
import { corsOf, type Engine, transportIdOf } from './transport/long-polling.ts';
import { packetParser } from './transport/packet-parser.ts';
import { Transports } from './transport/transports.ts';
import { UpgradeGate } from './transport/upgrade.gate.ts';

/** The largest message, in bytes. */
const MAX_MESSAGE = 64 * 1024;

/**
 * The Socket.IO server of an app: WebSocket only unless `transports` allows more, origins by allow-list, and every namespace,
 * `/` and unknown ones included, closed until a gateway opens it. Install it with `app.useWebSocketAdapter(new AuthAdapter(app))`.
 */
export class AuthAdapter extends IoAdapter {
  readonly #app: INestApplicationContext;
  #answers: Answers | undefined;

  constructor(app: INestApplicationContext) {
    super(app);
    this.#app = app;
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { attachments, adapter, origins, transports: allowed } = this.#get<ResolvedOptions>(WS_AUTH_OPTIONS);
    const gate = this.#get(HandshakeGate);
    const transports = this.#get(Transports);
    const upgrades = this.#get(UpgradeGate);
    shieldHooks(this.#get(ModulesContainer), this.#get(Connections));
    if (port === 0 && this.httpServer === (this.#app as unknown)) {
      throw new ConfigurationError(
        'ERR_GATEWAY',
        'A microservice has no HTTP server that gateways could share. Give the gateway a port of its own, or use NestFactory.create and app.connectMicroservice()',
      );
    }
    if (options?.connectionStateRecovery !== undefined) {
      throw new ConfigurationError(
        'ERR_GATEWAY',
        'connectionStateRecovery restores a connection without authentication. Remove it from the options of the gateway',
      );
    }
    const given = { maxHttpBufferSize: MAX_MESSAGE, ...options };
    const polling = allowed.includes('polling');
    const engine: Engine = {
      polling,
      connOf: (id) => {
        const { clients } = server.engine as unknown as { clients: Record<string, Socket['conn']> };
        return Object.hasOwn(clients, id) ? clients[id] : undefined;
      },
    };
    const wsEngine = webSocketServer((webSocket, request) => {
      const id = transportIdOf(request);
      const conn = id === undefined ? undefined : engine.connOf(id);
      if (conn !== undefined) transports.watchUpgrade(conn, webSocket, request);
      // Its transport has ended meanwhile, and nothing would watch it.
      else if (id !== undefined) webSocket.terminate();
    });
    const server: Server = super.createIOServer(port, {
      connectTimeout: CONNECT_TIMEOUT,
      serveClient: false,
      wsEngine,
      // Answers of long polling hold what clients sent beside what is secret, and compression would tell of both.
      httpCompression: false,
      ...(polling && { cors: corsOf(origins) }),
      ...(adapter && { adapter }),
      ...given,
      transports: [...allowed],
      parser: packetParser(attachments, given.maxHttpBufferSize),
    } as unknown as ServerOptions);
    // This runs before the strategy's own middleware, so that a refused request is not read.
    server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      if (upgrades.admit(request, response, engine)) next();
    });
    for (const authenticator of this.#get(Authenticators).all) {
      if (authenticator.upgradeMiddleware === undefined) continue;
      // The request that opened the transport is the one that counts: the next ones of long polling keep no session alive.
      server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
        transportIdOf(request) === undefined ? this.#read(authenticator, request, response, next) : next(),
      );
    }
    server.engine.on('connection', (conn: Socket['conn']) => transports.watch(conn));
    this.#get(MessageGuard).guard(server);
    gate.guardsServer = true;
    gate.guard(server.of('/'));
    server.on('new_namespace', (namespace) => gate.guard(namespace));
    return server;
  }

  /**
   * Runs the strategy's middleware on a transport's request. What it cannot say in time, or at all, is told at CONNECT
   * and not by an HTTP error, which a client could not tell from a network's.
   */
  #read(authenticator: Authenticator, request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const { clock, decisionTimeout } = this.#get<ResolvedOptions>(WS_AUTH_OPTIONS);
    const read = () => passed((settle) => authenticator.upgradeMiddleware?.(request, response, settle));
    const late = (): never => {
      throw new Error('It did not answer in time');
    };
    void inTime(clock, decisionTimeout, read, late)
      .catch((error: unknown) => {
        logFailure(AuthAdapter.name, 'The upgrade middleware failed', error);
        this.#get(HandshakeGate).unreadable(request);
      })
      .then(next);
  }

  /** Handlers are not bound for a client that was cut before they could be. */
  override bindClientConnect(server: Server, callback: (...args: unknown[]) => void): void {
    server.on('connection', (socket: Socket) => {
      if (socket.connected) callback(socket);
    });
  }

  /** As Nest does, and every ack is answered. */
  override bindMessageHandlers(
    socket: Socket,
    handlers: MessageMappingProperties[],
    transform: Parameters<IoAdapter['bindMessageHandlers']>[2],
  ): void {
    const answers = (this.#answers ??= new Answers(this.#get(ModulesContainer)));
    super.bindMessageHandlers(
      socket,
      handlers.map((handler) => answers.of(socket, handler)),
      transform,
    );
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
