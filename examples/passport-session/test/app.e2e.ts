import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthAdapter, WsAuthService } from 'nest-ws-auth-lab/gateways';
import { io, type Socket } from 'socket.io-client';

process.env['SESSION_SECRET'] = 'a secret of the tests, of 32 bytes';

let app: INestApplication;
let url: string;

before(async () => {
  const [{ AppModule }, { middleware }] = await Promise.all([
    import('../src/app.module.js'),
    import('../src/middleware.js'),
  ]);
  app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.use(...middleware);
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
after(() => app.close());

async function login(username: string, password = 'correct horse'): Promise<string | undefined> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return response.headers.getSetCookie()[0]?.split(';')[0];
}

/** A plain Socket.IO client, with the cookie that a browser would send. */
const connect = (cookie = ''): Socket =>
  io(`${url}/chat`, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { cookie } });

const connected = (socket: Socket): Promise<string> =>
  new Promise((answered) => {
    socket.once('connect', () => answered('connected'));
    socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
      answered(error.data?.code ?? error.message),
    );
  });

const cutOf = (socket: Socket): Promise<string> =>
  new Promise((told) => socket.once('auth:cut', ({ code }: { code: string }) => told(code)));

test('the session of the application opens a connection, and nothing else does', async () => {
  const socket = connect(await login('ann'));
  assert.equal(await connected(socket), 'connected');
  assert.deepEqual(await socket.emitWithAck('message', 'hello'), { from: 'id of ann', text: 'hello' });
  socket.close();
  assert.equal(await login('ann', 'wrong'), undefined);
  assert.equal(await connected(connect()), 'unauthenticated');
});

test('a sign-out ends the connection with its next message', async () => {
  const cookie = await login('bob');
  const socket = connect(cookie);
  assert.equal(await connected(socket), 'connected');
  const cut = cutOf(socket);
  await fetch(`${url}/logout`, { method: 'POST', headers: { cookie: cookie! } });
  const asking = setInterval(() => socket.emit('message', 'still there'), 100);
  const code = await cut;
  clearInterval(asking);
  assert.ok(['expired', 'revoked', 'unauthenticated'].includes(code), code);
});

test('a user is kicked from anywhere in the application', async () => {
  const socket = connect(await login('cat'));
  assert.equal(await connected(socket), 'connected');
  const cut = cutOf(socket);
  await app.get(WsAuthService).revoke({ subject: 'id of cat' });
  assert.equal(await cut, 'revoked');
});
