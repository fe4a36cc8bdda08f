import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthAdapter, WsAuthService } from 'nest-ws-auth-lab/gateways';
import { io, type Socket } from 'socket.io-client';

process.env['JWT_SECRET'] = 'the secret of a test';

let app: NestFastifyApplication;
let url: string;

before(async () => {
  const { AppModule } = await import('../src/app.module.js');
  app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
  await app.register(cookie);
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
after(() => app.close());

async function login(username: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'correct horse' }),
  });
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

test('the cookie with the access token opens a connection', async () => {
  const socket = connect({ cookie: await login('ann') });
  assert.equal(await connected(socket), 'connected');
  assert.deepEqual(await socket.emitWithAck('message', 'hello'), { from: 'ann', text: 'hello' });
  socket.close();
  assert.equal(await connected(connect({})), 'unauthenticated');
});

test('a page of another origin cannot use the cookie', async () => {
  const cookieOfAnn = await login('ann');
  assert.equal(await connected(connect({ cookie: cookieOfAnn, origin: 'https://app.example' })), 'connected');
  assert.notEqual(await connected(connect({ cookie: cookieOfAnn, origin: 'https://evil.example' })), 'connected');
});

test('a user is kicked', async () => {
  const socket = connect({ cookie: await login('bob') });
  assert.equal(await connected(socket), 'connected');
  const cut = new Promise((told) => socket.once('auth:cut', ({ code }: { code: string }) => told(code)));
  await app.get(WsAuthService).revoke({ subject: 'bob' });
  assert.equal(await cut, 'revoked');
});
