import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import expressSession, { MemoryStore } from 'express-session';
import { expect, it } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import session from '../../../strategies/session/index.ts';
import { bearer } from '../../../strategies/shared/access-tokens/index.ts';
import { HttpAuthGuard } from '../../../strategies/shared/tokens/http-auth.guard.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';

/** Takes one token alone. */
const takes = (wanted: string) =>
  bearer({
    verify: (token) => (token === wanted ? token : null),
    principal: (subject) => ({ subject, issuedAt: Date.now(), expiresAt: Date.now() + 60_000 }),
  });

class Answering extends WsManager {
  @SubscribeMessage('ping')
  ping() {
    return { pong: true };
  }
}

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends Answering {}

@WebSocketGateway({ namespace: '/admin' })
class AdminGateway extends Answering {}

@Controller('account')
@UseGuards(HttpAuthGuard)
class AccountController {
  @Get()
  account() {
    return {};
  }
}

@Controller('admin')
@UseGuards(HttpAuthGuard)
class AdminController {
  @Get()
  admin() {
    return {};
  }
}

it('the guard takes the tokens of forRoot, and in no module those of another namespace', async () => {
  const ofAdmin = WsAuthModule.forFeature('/admin', { strategy: handshakeOnly, accessTokens: takes('admin') });
  @Module({ imports: [ofAdmin], controllers: [AdminController], providers: [AdminGateway] })
  class AdminModule {}
  @Module({
    imports: [AdminModule, WsAuthModule.forRoot({ strategy: handshakeOnly, accessTokens: takes('root') })],
    controllers: [AccountController],
    providers: [RoomGateway],
  })
  class AppModule {}
  const { url } = await serve(AppModule);
  expect(await new TestClient(`${url}/admin`, { token: 'admin' }).answered).toBe('connected');
  const statusOf = async (path: string, token: string) =>
    (await fetch(`${url}/${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await statusOf('account', 'root'), await statusOf('admin', 'root')]).toEqual([200, 200]);
  expect([await statusOf('account', 'admin'), await statusOf('admin', 'admin')]).toEqual([401, 401]);
});

it('an application whose strategy in forRoot has no tokens does not start with the guard', async () => {
  const middleware = expressSession({
    secret: 'of the application',
    store: new MemoryStore(),
    resave: false,
    saveUninitialized: false,
  });
  const ofAdmin = WsAuthModule.forFeature('/admin', { strategy: handshakeOnly, accessTokens: takes('admin') });
  @Module({
    imports: [ofAdmin, WsAuthModule.forRoot({ strategy: session, session: { middleware, user: () => undefined } })],
    controllers: [AdminController],
    providers: [AdminGateway],
  })
  class AppModule {}
  await expect(serve(AppModule)).rejects.toMatchObject({ code: 'ERR_HTTP_GUARD' });
});
