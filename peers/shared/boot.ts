import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server } from 'socket.io';
import type { RunningPeer } from '../peer.ts';

const HOST = '127.0.0.1';
const urlOf = (server: HttpServer): string => `http://${HOST}:${(server.address() as AddressInfo).port}`;

/** A stock Nest app. */
export async function bootNest(module: DynamicModule): Promise<RunningPeer> {
  const app = await NestFactory.create(module, { logger: ['fatal'], abortOnError: false });
  app.useWebSocketAdapter(new IoAdapter(app));
  await app.listen(0, HOST);
  return { url: urlOf(app.getHttpServer()), close: () => app.close() };
}

/** A stock Socket.IO server on an HTTP server. */
export async function bootPlain(server: HttpServer, io: Server): Promise<RunningPeer> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return { url: urlOf(server), close: () => io.close() };
}
