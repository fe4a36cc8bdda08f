import { Controller, type DynamicModule, HttpCode, Module, Post, Req } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Request } from 'express';
import expressSession, { MemoryStore } from 'express-session';
import { describe, expect, it } from 'vitest';
import { User } from '../../../gateways/principal.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../../gateways/ws-auth.service.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import session from '../../../strategies/session/index.ts';
import { bearer } from '../../../strategies/shared/access-tokens/index.ts';
import type { Principal } from '../../../strategies/strategy.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';

/** How long a token lives, in ms. It must be less than the 30 s after which a session is loaded again. */
const LIFETIME = 20_000;

class WhoAmI extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject }: Principal) {
    return { subject };
  }
}

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WhoAmI {}

// Nest takes a namespace without its slash too.
@WebSocketGateway({ namespace: 'admin' })
class AdminGateway extends WhoAmI {}

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(204)
  login(@Req() request: Request): void {
    Object.assign(request.session, { account: 'root' });
  }
}

const userOf = (request: Request) => {
  const { account } = request.session as { account?: string };
  return account === undefined ? undefined : { subject: account, roles: ['admin'] };
};

/** Tokens for `/room`, and the session of the application for `/admin`. */
async function start(features?: (middleware: ReturnType<typeof expressSession>) => DynamicModule[]) {
  const clock = new ManualClock();
  const store = new MemoryStore();
  const middleware = expressSession({ secret: 'of the application', store, resave: false, saveUninitialized: true });
  const ofAdmin = WsAuthModule.forFeature('/admin', { strategy: session, session: { middleware, user: userOf } });
  const ends = () => clock.now() + LIFETIME;
  const accessTokens = bearer({
    verify: (token) => (token.startsWith('token of ') ? token.slice(9) : undefined),
    principal: (subject) => ({ subject, issuedAt: clock.now(), expiresAt: ends() }),
  });
  @Module({
    imports: [
      ...(features?.(middleware) ?? [ofAdmin]),
      WsAuthModule.forRoot({ strategy: handshakeOnly, accessTokens, clock }),
    ],
    controllers: [LoginController],
    providers: [RoomGateway, AdminGateway],
  })
  class AppModule {}
  const { app, url } = await serve(AppModule, { middleware });
  const login = await fetch(`${url}/login`, { method: 'POST' });
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const connect = (namespace: string, auth: object, headers?: Record<string, string>) =>
    new TestClient(`${url}${namespace}`, auth, headers);
  return { clock, cookie, connect, auth: app.get(WsAuthService) };
}

const token = { token: 'token of ann' };

describe('a namespace with a strategy of its own', () => {
  it('accepts its own credential, and no other', async () => {
    const { connect, cookie } = await start();
    const admin = connect('/admin', {}, { cookie });
    const room = connect('/room', token);
    expect([await admin.answered, await room.answered]).toEqual(['connected', 'connected']);
    expect(await admin.ask('whoami')).toEqual({ subject: 'root' });
    expect(await room.ask('whoami')).toEqual({ subject: 'ann' });
    expect(await connect('/admin', token).answered).toBe('unauthenticated');
    expect(await connect('/room', {}, { cookie }).answered).toBe('unauthenticated');
  });

  it('ends a credential only by the rules of its own strategy', async () => {
    const { clock, connect, cookie } = await start();
    const admin = connect('/admin', {}, { cookie });
    const room = connect('/room', token);
    expect([await admin.answered, await room.answered]).toEqual(['connected', 'connected']);
    clock.advance(LIFETIME);
    expect(await room.cut).toBe('expired');
    expect(await admin.ask('whoami')).toEqual({ subject: 'root' });
  });

  it('shares revocations with the others', async () => {
    const { auth, connect, cookie } = await start();
    const admin = connect('/admin', {}, { cookie });
    const room = connect('/room', { token: 'token of root' });
    expect([await admin.answered, await room.answered]).toEqual(['connected', 'connected']);
    await auth.revoke({ subject: 'root' });
    expect([await admin.cut, await room.cut]).toEqual(['revoked', 'revoked']);
  });
});

describe('does not start', () => {
  it.each<[string, () => DynamicModule[], string, string]>([
    [
      'where no gateway has the namespace',
      () => [
        WsAuthModule.forFeature('/amdin', { strategy: connectionLease, accessTokens: bearer({ verify: () => null }) }),
      ],
      'ERR_NAMESPACE',
      'but no gateway has it. Name one of these: /room, /admin',
    ],
    [
      'where a namespace gets two strategies',
      () =>
        [handshakeOnly, connectionLease].map((strategy) =>
          WsAuthModule.forFeature('/admin', { strategy, accessTokens: bearer({ verify: () => null }) }),
        ),
      'ERR_NAMESPACE',
      'imported twice for the namespace /admin',
    ],
    [
      'where an option is one that all namespaces share',
      () => [WsAuthModule.forFeature('/admin', { strategy: handshakeOnly, origins: [] } as never)],
      'ERR_OPTIONS',
      'There is no option origins',
    ],
    [
      'where the kit would sign users in, but has no directory',
      () => [WsAuthModule.forFeature('/admin', { strategy: handshakeOnly })],
      'ERR_OPTIONS',
      'directory must be',
    ],
  ])('%s', async (_, features, code, text) => {
    const started = start(features);
    await expect(started).rejects.toMatchObject({ code });
    await expect(started).rejects.toThrow(text);
  });

  it('where the namespace is empty', () => {
    expect(() => WsAuthModule.forFeature('', { strategy: handshakeOnly })).toThrow(
      /must be the namespace of a gateway/,
    );
  });
});
