// A server as the article has it, with `handshake.auth`: the base asks an identity provider, 100 ms away, whose token this
// is, and disconnects who is not known; the chat throws for who may not connect. It says its address and its tokens to
// the process that forked it.
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { randomUUID } from 'node:crypto';

const LIFETIME = 8000;
const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
const exp = Math.ceil((Date.now() + LIFETIME) / 1000);
/** @type {Map<string, { name: string, exp: number }>} */
const known = new Map(
  ['ada', 'muted'].map((name) => [
    `${encode({ alg: 'none' })}.${encode({ sub: name, exp })}.${randomUUID()}`,
    { name, exp },
  ]),
);

class WsManager {
  async handleConnection(client) {
    const user = await delay(100).then(() => known.get(client.handshake.auth.token));
    if (user === undefined || user.exp * 1000 < Date.now()) client.disconnect(true);
    client.user = user;
  }
}

class ChatGateway extends WsManager {
  async handleConnection(client) {
    await super.handleConnection(client);
    if (client.user?.name === 'muted') throw new Error('Cannot connect to the chat service');
  }

  send(client, { text }) {
    return { text };
  }
}
SubscribeMessage('sendMessage')(
  ChatGateway.prototype,
  'send',
  Object.getOwnPropertyDescriptor(ChatGateway.prototype, 'send'),
);
WebSocketGateway({ namespace: '/chat' })(ChatGateway);

/** Nest takes a class for a module. */
class AppModule {
  name = 'app';
}
Module({ providers: [ChatGateway] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.on('disconnect', () => process.exit(0));
process.send({ url: `http://127.0.0.1:${app.getHttpServer().address().port}`, tokens: [...known.keys()] });
