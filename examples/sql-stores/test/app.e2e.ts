import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthSocket } from 'nest-ws-auth-lab/auth-socket';
import { MemoryDirectory } from 'nest-ws-auth-lab/directory';
import { AuthAdapter } from 'nest-ws-auth-lab/gateways';
import { createClient } from 'nest-ws-auth-lab/strategies/connection-lease/client';
import { storeTests } from 'nest-ws-auth-lab/store-tests';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { sqlStores } from '../src/sql-stores.js';

process.env['WS_AUTH_SECRET'] = 'the secret of a test, of 32 bytes';

const open = (database?: Uint8Array) => new DataSource({ type: 'sqljs', database }).initialize();

describe('the stores keep the contract', () => {
  storeTests(test, async (clock) => {
    const source = await open();
    const nodes = [await sqlStores(source, clock)];
    return {
      ...nodes[0],
      async another() {
        const node = await sqlStores(source, clock);
        nodes.push(node);
        return node;
      },
      async close() {
        for (const node of nodes) node.close();
        await source.destroy();
      },
    };
  });
});

describe('an application over the stores', () => {
  const directory = new MemoryDirectory();
  let source: DataSource;
  let app: INestApplication;
  let url: string;

  async function start(): Promise<void> {
    app = await NestFactory.create(AppModule.with(source, directory), { logger: ['error'] });
    app.useWebSocketAdapter(new AuthAdapter(app));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }

  before(async () => {
    await directory.add({ username: 'ann', password: 'correct horse', subject: 'ann' });
    source = await open();
    await start();
  });
  after(() => app.close());

  async function signedIn() {
    const client = createClient({ url });
    await client.signIn('ann', 'correct horse');
    const socket = await AuthSocket.connect(client, `${url}/chat`);
    return { client, socket };
  }

  test('a sign-in survives a restart, and one that was signed out does not come back', async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    const stolen = other.client.connectOptions();
    await other.client.signOut();
    one.socket.close();
    await app.close();
    const { sqljsManager } = source;
    source = await open(sqljsManager.exportDatabase());
    await start();
    const socket = await AuthSocket.connect(one.client, `${url}/chat`);
    assert.deepEqual(await socket.request('message', 'hello'), { from: 'ann', text: 'hello' });
    socket.close();
    const thief = { ...createClient({ url }), connectOptions: () => stolen, expiresAt: undefined };
    await assert.rejects(AuthSocket.connect(thief, `${url}/chat`, { recover: false }), { code: 'revoked' });
  });

  test('a third session of a user ends the oldest', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    const third = await signedIn();
    assert.equal(await first.socket.ended, 'signed-in-elsewhere');
    for (const { socket } of [second, third]) {
      assert.deepEqual(await socket.request('message', 'hello'), { from: 'ann', text: 'hello' });
      socket.close();
    }
  });
});
