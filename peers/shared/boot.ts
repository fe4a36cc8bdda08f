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

/** Nest's own adapter; it keeps the Socket.IO server, so that the application can push. */
class KeepingAdapter extends IoAdapter {
  io: Server | undefined;

  override createIOServer(...args: Parameters<IoAdapter['createIOServer']>): Server {
    const io: Server = super.createIOServer(...args);
    this.io = io;
    return io;
  }
}

/** A stock Nest app. */
export async function bootNest(module: DynamicModule): Promise<RunningPeer> {
  const app = await NestFactory.create(module, { logger: ['fatal'], abortOnError: false });
  const adapter = new KeepingAdapter(app);
  app.useWebSocketAdapter(adapter);
  await app.listen(0, HOST);
  return {
    url: urlOf(app.getHttpServer()),
    push: (subject, notification) => pushTo(adapter.io, subject, notification),
    close: () => app.close(),
  };
}

/** A stock Socket.IO server on an HTTP server. */
export async function bootPlain(server: HttpServer, io: Server): Promise<RunningPeer> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    url: urlOf(server),
    push: (subject, notification) => pushTo(io, subject, notification),
    close: () => io.close(),
  };
}

const pushTo = (io: Server | undefined, subject: string, notification: unknown): void =>
  void io?.of('/chat').to(subject).emit('notification', notification);
