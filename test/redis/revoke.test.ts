import { Controller, HttpCode, Inject, Injectable, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import { WsManager } from '../../gateways/ws-manager.ts';
import { forget, newPrefix } from '../../harness/app/store.ts';
import handshakeOnly from '../../strategies/handshake-only/index.ts';
import { bearer } from '../../strategies/shared/access-tokens/index.ts';
import { redisStores } from '../../strategies/shared/stores/redis/index.ts';
import { serve } from '../support/served-app.ts';
import { redisUrl, withoutRedis } from '../support/stores.ts';
import { TestClient } from '../support/test-client.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @SubscribeMessage('ping')
  ping() {
    return { pong: true };
  }
}

@Controller('kick')
class KickController {
  constructor(@Inject(WsAuthService) private readonly auth: WsAuthService) {}

  @Post(':subject')
  @HttpCode(204)
  kick(@Param('subject') subject: string): Promise<void> {
    return this.auth.revoke({ subject });
  }
}

/** A queue calls `process` for each of its jobs, in a process without an HTTP server. */
@Injectable()
class KickConsumer {
  constructor(@Inject(WsAuthService) private readonly auth: WsAuthService) {}

  process({ data }: { data: { subject: string } }): Promise<void> {
    return this.auth.revoke({ subject: data.subject });
  }
}

/** Nodes of one application, over one Redis. */
function application() {
  const prefix = newPrefix();
  // The handler that is registered last runs first.
  onTestFinished(() => forget(redisUrl!, prefix));
  const moduleOf = async () => {
    const stores = await redisStores({ url: redisUrl!, prefix });
    onTestFinished(() => stores.close());
    const accessTokens = bearer({
      verify: (token: string) => token,
      principal: (subject) => ({ subject, issuedAt: Date.now(), expiresAt: Date.now() + 60_000 }),
    });
    @Module({
      imports: [WsAuthModule.forRoot({ strategy: handshakeOnly, accessTokens, stores })],
      controllers: [KickController],
      providers: [RoomGateway, KickConsumer],
    })
    class NodeModule {}
    return NodeModule;
  };
  return {
    node: async () => serve(await moduleOf()),
    async worker() {
      const app = await NestFactory.createApplicationContext(await moduleOf(), { logger: false, abortOnError: false });
      onTestFinished(() => app.close());
      return app;
    },
  };
}

async function connected(url: string, subject: string): Promise<TestClient> {
  const client = new TestClient(`${url}/room`, { token: subject });
  expect(await client.answered).toBe('connected');
  return client;
}

describe.skipIf(redisUrl === undefined)(`a user is kicked from every node${withoutRedis}`, () => {
  it.each<[string, (nodes: ReturnType<typeof application>) => Promise<void>]>([
    [
      'by a controller of another node',
      async (nodes) => {
        const { url } = await nodes.node();
        expect((await fetch(`${url}/kick/ann`, { method: 'POST' })).status).toBe(204);
      },
    ],
    [
      'by the consumer of a queue, in a process without a server',
      async (nodes) => (await nodes.worker()).get(KickConsumer).process({ data: { subject: 'ann' } }),
    ],
    ['by a test', async (nodes) => (await nodes.node()).app.get(WsAuthService).revoke({ subject: 'ann' })],
  ])('%s, and no other user is', async (_, kick) => {
    const nodes = application();
    const { url } = await nodes.node();
    const [ann, bob] = [await connected(url, 'ann'), await connected(url, 'bob')];
    await kick(nodes);
    expect(await ann.cut).toBe('revoked');
    expect(await bob.ask('ping')).toEqual({ pong: true });
  });
});
