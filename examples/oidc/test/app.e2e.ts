import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthSocket } from 'nest-ws-auth-lab/auth-socket';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { createTokenClient } from 'nest-ws-auth-lab/token-client';
import { Provider } from './provider.js';

const provider = new Provider();
let app: INestApplication;
let url: string;

before(async () => {
  await provider.start();
  process.env['OIDC_ISSUER'] = provider.issuer;
  process.env['OIDC_AUDIENCE'] = 'orders';
  const { AppModule } = await import('../src/app.module.js');
  app = await NestFactory.create(AppModule, { logger: ['error'] });
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
after(async () => {
  await app.close();
  await provider.stop();
});

const connect = (getToken: () => string | Promise<string>) =>
  AuthSocket.connect(createTokenClient({ getToken }), `${url}/orders`);

test('an access token of the provider opens a connection and a REST route', async () => {
  const socket = await connect(() => provider.token('ann'));
  assert.deepEqual(await socket.request('mine', {}), { orders: ['the first order of ann'] });
  const headers = { authorization: `Bearer ${await provider.token('ann')}` };
  assert.deepEqual(await (await fetch(`${url}/profile`, { headers })).json(), { subject: 'ann', roles: [] });
  socket.close();
});

test('roles of the token are checked for each message', async () => {
  const [user, auditor] = await Promise.all([
    connect(() => provider.token('ann')),
    connect(() => provider.token('eve', { roles: ['auditor'] })),
  ]);
  await assert.rejects(user.request('all', {}), { code: 'forbidden' });
  assert.deepEqual(await auditor.request('all', {}), { orders: ['every order'] });
  user.close();
  auditor.close();
});

test('while the provider is away, connections stay open, and a token with a known key is still accepted', async () => {
  const socket = await connect(() => provider.token('ann'));
  await provider.stop();
  assert.deepEqual(await socket.request('mine', {}), { orders: ['the first order of ann'] });
  const other = await connect(() => provider.token('bob'));
  assert.deepEqual(await other.request('mine', {}), { orders: ['the first order of bob'] });
  await provider.start();
  socket.close();
  other.close();
});
