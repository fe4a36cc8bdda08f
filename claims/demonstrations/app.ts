import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { io, type Socket as Client } from 'socket.io-client';
import type { Socket } from 'socket.io';

/** What a demonstration puts on its sockets. */
export interface UserSocket extends Socket {
  user?: { readonly name: string } | undefined;
}

const GOOD = 'good-token';
const PATIENCE = 1000;

/** An answer that a validator gives at once, or after so many ms. */
export const validate = (token: unknown, ms: number): Promise<{ name: string } | undefined> =>
  delay(ms).then(() => validateNow(token));

export const validateNow = (token: unknown): { name: string } | undefined =>
  token === GOOD ? { name: 'ada' } : undefined;

@Module({})
class DemonstrationModule {}

/** A Nest app of these gateways and nothing else, on a free port of the loopback interface. */
export async function withApp<T>(
  gateways: readonly Type[],
  use: (connect: (options?: ConnectOptions) => Promise<Visitor>) => Promise<T>,
  providers: readonly Provider[] = [],
): Promise<T> {
  const module = { module: DemonstrationModule, providers: [...gateways, ...providers] };
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const visitors: Visitor[] = [];
  try {
    return await use(async ({ namespace = '', token = GOOD, pipelined = [] } = {}) => {
      const visitor = new Visitor(`http://127.0.0.1:${port}${namespace}`, token, pipelined);
      visitors.push(visitor);
      await visitor.connected;
      return visitor;
    });
  } finally {
    for (const visitor of visitors) visitor.socket.disconnect();
    await app.close();
  }
}

interface ConnectOptions {
  readonly namespace?: string;
  readonly token?: string;
  /** Events that are sent right behind CONNECT, before any answer to it. */
  readonly pipelined?: readonly string[];
}

/** A real client, and what the server answers it. */
export class Visitor {
  readonly socket: Client;
  /** Whether CONNECT was accepted. */
  readonly connected: Promise<boolean>;
  readonly answers: Promise<readonly unknown[]>;

  constructor(url: string, token: string, pipelined: readonly string[]) {
    this.socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } });
    this.connected = new Promise((resolve) => {
      this.socket.once('connect', () => resolve(true));
      this.socket.once('connect_error', () => resolve(false));
    });
    // Socket.IO's client holds events back until it is connected: then they go out in one burst.
    this.answers = Promise.all(pipelined.map((event) => this.ask(event)));
  }

  /** What the handler acknowledges; undefined where no answer comes in time. */
  async ask(event: string, data: unknown = {}): Promise<unknown> {
    try {
      return await this.socket.timeout(PATIENCE).emitWithAck(event, data);
    } catch {
      return undefined;
    }
  }
}
