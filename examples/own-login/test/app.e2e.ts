import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { AuthSocket } from 'nest-ws-auth-lab/auth-socket';
import { createTokenClient } from 'nest-ws-auth-lab/token-client';
import type { UsersService as Users } from '../src/users.service.js';

// A token lives for four seconds, so that a lease is renewed during a test.
process.env['JWT_SECRET'] = 'the secret of a test';
process.env['JWT_SECONDS'] = '4';

let app: INestApplication;
let url: string;
let users: Users;

before(async () => {
  const [{ AppModule }, { UsersService }] = await Promise.all([
    import('../src/app.module.js'),
    import('../src/users.service.js'),
  ]);
  app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  users = app.get(UsersService);
});
after(() => app.close());

async function login(username: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'correct horse' }),
  });
  const { data } = (await response.json()) as { data: { access_token: string } };
  return data.access_token;
}

const connect = (username: string) =>
  AuthSocket.connect(createTokenClient({ getToken: () => login(username) }), `${url}/chat`);

test('a user who is signed in chats with the access token of the application', async () => {
  const ann = await users.create('ann', 'correct horse');
  const socket = await connect('ann');
  assert.deepEqual(await socket.request('message', { text: 'hello' }), { data: { from: ann.id, text: 'hello' } });
  socket.close();
});

test('a stranger is refused', async () => {
  const stranger = createTokenClient({ getToken: () => 'no.such.token' });
  await assert.rejects(AuthSocket.connect(stranger, `${url}/chat`), { code: 'unauthenticated' });
});

test('the details of a validation error arrive', async () => {
  await users.create('bob', 'correct horse');
  const socket = await connect('bob');
  await assert.rejects(
    socket.request('message', { text: 7 }),
    (error: { code: string; details: { message: string[] } }) => {
      assert.equal(error.code, 'rejected');
      assert.ok(error.details.message.includes('text must be a string'));
      return true;
    },
  );
  socket.close();
});

test('a lease is renewed on the open connection before the token ends', async () => {
  await users.create('cat', 'correct horse');
  const socket = await connect('cat');
  const deadline = Date.now() + 8000;
  while (socket.counters.renewals === 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
  assert.equal(socket.counters.renewals, 1);
  assert.equal(socket.counters.reconnects, 0);
  socket.close();
});

test('a user whom an administrator deactivates is disconnected, and stays out', async () => {
  const dan = await users.create('dan', 'correct horse');
  await users.create('root', 'correct horse', ['admin']);
  const token = await login('dan');
  const socket = await AuthSocket.connect(createTokenClient({ getToken: () => token }), `${url}/chat`);
  const headers = { authorization: `Bearer ${await login('root')}` };
  assert.equal((await fetch(`${url}/users/${dan.id}`, { method: 'DELETE', headers })).status, 204);
  assert.equal(await socket.ended, 'banned');
  const again = AuthSocket.connect(createTokenClient({ getToken: () => token }), `${url}/chat`);
  await assert.rejects(again, { code: 'banned' });
});
