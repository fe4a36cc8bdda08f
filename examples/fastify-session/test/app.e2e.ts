import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthAdapter, WsAuthService } from 'nest-ws-auth-lab/gateways';
import { io, type Socket } from 'socket.io-client';

process.env['SESSION_SECRET'] = 'the secret of a test, of at least 32 characters';

let app: NestFastifyApplication;
let url: string;

before(async () => {
  const { AppModule } = await import('../src/app.module.js');
  const { sessionOptions } = await import('../src/sessions.js');
  app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
  await app.register(cookie);
  await app.register(session, sessionOptions);
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
after(() => app.close());

const post = (path: string, headers: Record<string, string>, body = {}) =>
  fetch(`${url}/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function login(username: string): Promise<string> {
  const response = await post('login', {}, { username, password: 'correct horse' });
  return response.headers.getSetCookie()[0].split(';')[0];
}

const connect = (extraHeaders: Record<string, string>): Socket =>
  io(`${url}/chat`, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders });

const connected = (socket: Socket): Promise<string> =>
  new Promise((answered) => {
    socket.once('connect', () => answered('connected'));
    socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
      answered(error.data?.code ?? error.message),
    );
  });

const cutOf = (socket: Socket): Promise<string> =>
  new Promise((told) => socket.once('auth:cut', ({ code }: { code: string }) => told(code)));

test('a session opens a connection, and nothing else does', async () => {
  const socket = connect({ cookie: await login('ann') });
  assert.equal(await connected(socket), 'connected');
  assert.deepEqual(await socket.emitWithAck('message', 'hello'), { from: 'ann', text: 'hello' });
  socket.close();
  assert.equal(await connected(connect({})), 'unauthenticated');
  assert.equal(await connected(connect({ cookie: 'sessionId=forged.forged' })), 'unauthenticated');
});

test('after a sign-out the session opens no connection, and its connection ends', async () => {
  const headers = { cookie: await login('ann') };
  const socket = connect(headers);
  assert.equal(await connected(socket), 'connected');
  const cut = cutOf(socket);
  await post('logout', headers);
  assert.equal(await connected(connect(headers)), 'unauthenticated');
  // The session is loaded again at a message, at most once a second.
  while (socket.connected) {
    socket.emit('message', 'hello');
    await setTimeout(100);
  }
  assert.equal(await cut, 'revoked');
});

test('one session of a user is ended', async () => {
  const [one, other] = [connect({ cookie: await login('bob') }), connect({ cookie: await login('bob') })];
  assert.deepEqual([await connected(one), await connected(other)], ['connected', 'connected']);
  const cut = cutOf(one);
  const { sessionId } = await one.emitWithAck('session', {});
  await app.get(WsAuthService).revoke({ subject: 'bob', sessionId });
  assert.equal(await cut, 'revoked');
  assert.deepEqual(await other.emitWithAck('message', 'hello'), { from: 'bob', text: 'hello' });
  other.close();
});
