import { Controller, Module, Post, Req } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Request } from 'express';
import expressSession, { MemoryStore } from 'express-session';
import { expect, it, vi } from 'vitest';
import type { WsAuthOptions } from '../../gateways/options/ws-auth-options.ts';
import { User } from '../../gateways/principal.ts';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import { WsManager } from '../../gateways/ws-manager.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { serve } from '../../test/support/served-app.ts';
import { TestClient } from '../../test/support/test-client.ts';
import { defaultLifetimes } from '../shared/lifetimes.ts';
import { LEFT_FOR } from '../shared/stores/sign-ins.ts';
import type { ExternalSession, Principal } from '../strategy.ts';
import session, { sessionIdOf } from './index.ts';

const STALE = defaultLifetimes.sessionStaleness;
const RECHECK = 30_000;

interface Stored {
  account?: { id: string; roles: string[] };
}

@Controller()
class LoginController {
  @Post('login')
  login(@Req() request: Request): void {
    Object.assign(request.session, { account: { id: 'ann', roles: ['user'] } } satisfies Stored);
  }

  @Post('logout')
  logout(@Req() request: Request): Promise<void> {
    return new Promise((resolve) => request.session.destroy(() => resolve()));
  }
}

@WebSocketGateway({ namespace: '/account' })
class AccountGateway extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject, roles }: Principal) {
    return { subject, roles };
  }
}

/** An application with express-session of its own, and a sign-in that the kit knows nothing of. */
async function start(given?: ExternalSession['user'], options: Partial<WsAuthOptions> = {}) {
  const clock = new ManualClock();
  const store = new MemoryStore();
  const middleware = expressSession({ secret: 'of the application', store, resave: false, saveUninitialized: true });
  const user = (request: Request) => {
    const { account } = request.session as Stored;
    return account && { subject: account.id, roles: account.roles };
  };
  @Module({
    imports: [
      WsAuthModule.forRoot({ strategy: session, session: { middleware, user: given ?? user }, clock, ...options }),
    ],
    controllers: [LoginController],
    providers: [AccountGateway],
  })
  class AppModule {}
  const { app, url } = await serve(AppModule, { middleware });
  const post = (path: string, cookie = '') => fetch(`${url}/${path}`, { method: 'POST', headers: { cookie } });
  const signIn = async () => (await post('login')).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const cookie = await signIn();
  const connect = (headers: Record<string, string> = { cookie }) => new TestClient(`${url}/account`, {}, headers);
  return { clock, store, signIn, connect, signOut: () => post('logout', cookie), auth: app.get(WsAuthService) };
}

it("an application's own session opens a connection, and nothing else does", async () => {
  const { connect } = await start();
  const client = connect();
  expect(await client.answered).toBe('connected');
  expect(await client.ask('whoami')).toEqual({ subject: 'ann', roles: ['user'] });
  expect(await connect({}).answered).toBe('unauthenticated');
  expect(await connect({ cookie: 'connect.sid=s%3Aforged.forged' }).answered).toBe('unauthenticated');
});

it.each([null, undefined])('a session whose user is %s opens none', async (nobody) => {
  const { connect } = await start(() => nobody as never);
  expect(await connect().answered).toBe('unauthenticated');
});

it('after a sign-out a message ends the connection once its session is stale, and no other connects', async () => {
  const { clock, connect, signOut } = await start();
  const client = connect();
  expect(await client.answered).toBe('connected');
  await signOut();
  expect(await client.ask('whoami')).toMatchObject({ subject: 'ann' });
  clock.advance(STALE);
  expect(await client.ask('whoami')).toMatchObject({ refused: { code: 'revoked' } });
  expect(await client.cut).toBe('revoked');
  expect(await connect().answered).toBe('unauthenticated');
});

it('a connection that only listens is looked at again, and ends with its session', async () => {
  const { clock, connect, signOut } = await start();
  const [client, other] = [connect(), connect()];
  expect(await client.answered).toBe('connected');
  expect(await other.answered).toBe('connected');
  clock.advance(RECHECK);
  expect(await client.ask('whoami')).toMatchObject({ subject: 'ann' });
  await signOut();
  clock.advance(RECHECK);
  expect(await Promise.all([client.cut, other.cut])).toEqual(['revoked', 'revoked']);
});

it('a revocation by the application ends the connections at once, and not the session', async () => {
  const { connect, auth } = await start();
  const client = connect();
  expect(await client.answered).toBe('connected');
  await auth.revoke({ subject: 'ann' });
  expect(await client.cut).toBe('revoked');
  expect(await connect().answered).toBe('connected');
});

it('one session is ended by its id, and no other of the user', async () => {
  const { signIn, connect, auth } = await start();
  const cookie = await signIn();
  const [client, other] = [connect({ cookie }), connect()];
  expect(await Promise.all([client.answered, other.answered])).toEqual(['connected', 'connected']);
  const id =
    decodeURIComponent(cookie)
      .replace(/^connect\.sid=s:/, '')
      .split('.')[0] ?? '';
  await auth.revoke({ subject: 'ann', sessionId: sessionIdOf(id) });
  expect(await client.cut).toBe('revoked');
  expect(await other.ask('whoami')).toMatchObject({ subject: 'ann' });
});

it('neither saves nor touches a session, and shares one loading among the messages that wait for it', async () => {
  const { clock, store, connect } = await start();
  const client = connect();
  expect(await client.answered).toBe('connected');
  const [set, touch, get] = [vi.spyOn(store, 'set'), vi.spyOn(store, 'touch'), vi.spyOn(store, 'get')];
  clock.advance(STALE);
  await Promise.all(Array.from({ length: 10 }, () => client.ask('whoami')));
  expect([set.mock.calls.length, touch.mock.calls.length]).toEqual([0, 0]);
  expect(get).toHaveBeenCalledTimes(1);
});

it('a second session of a user ends the first, if one is allowed, and the first stays out', async () => {
  const { clock, connect, signIn } = await start(undefined, { maxSessionsPerUser: 1 });
  const first = connect();
  expect(await first.answered).toBe('connected');
  const second = connect({ cookie: await signIn() });
  expect(await second.answered).toBe('connected');
  expect(await first.cut).toBe('signed-in-elsewhere');
  expect(await connect().answered).toBe('signed-in-elsewhere');
  for (let passed = 0; passed <= LEFT_FOR; passed += RECHECK) {
    clock.advance(RECHECK);
    expect(await second.ask('whoami')).toMatchObject({ subject: 'ann' });
  }
  expect(await connect().answered).toBe('signed-in-elsewhere');
});

it('a store that fails refuses as unavailable, and lets nobody in', async () => {
  const { store, connect } = await start();
  vi.spyOn(store, 'get').mockImplementation((_id, done) => done(new Error('away')));
  expect(await connect().answered).toBe('unavailable');
});
