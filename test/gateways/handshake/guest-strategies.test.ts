import { Controller, HttpCode, Module, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import expressSession, { MemoryStore } from 'express-session';
import { describe, expect, it } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { loadStrategy } from '../../../strategies/registry.ts';
import session from '../../../strategies/session/index.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { post } from '../../../strategies/shared/client/http-client.ts';
import type { TokenPair } from '../../../strategies/shared/tokens/token-pairs.ts';
import { variantNames, type VariantName } from '../../../strategies/strategy.ts';
import { AccountGateway, LobbyGateway } from '../../support/guests-app.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';

const tokenStrategies = [
  'access-refresh',
  'connection-lease',
  'handshake-only',
  'long-lived-token',
  '_template-jwt',
  '_template-opaque',
];
const password = 'a password of the test';
const providers = [LobbyGateway, AccountGateway];

/** An application with a public lobby, and a user who can sign in. */
async function start(id: string, variant: VariantName) {
  const directory = new MemoryDirectory();
  const clock = new ManualClock();
  const { subject } = await directory.add({ username: 'ann', password });
  const secret = 'the secret of a test, long enough';
  const strategy = await loadStrategy(id);
  @Module({ imports: [WsAuthModule.forRoot({ strategy, secret, directory, variant, clock })], providers })
  class AppModule {}
  const { url } = await serve(AppModule);
  const login = () => post(`${url}/auth/login`, { username: 'ann', password });
  const connect = (auth: object = {}, headers: Record<string, string> = {}) =>
    new TestClient(`${url}/lobby`, auth, headers);
  return { url, clock, subject, directory, login, connect };
}

const cases = tokenStrategies.flatMap((id) => variantNames.map((variant) => [id, variant] as const));

describe.each(cases)('%s, %s', (id, variant) => {
  it.each([[{}], [{ token: null }], [{ token: '' }], [{ room: 'lobby' }]])(
    'lets a client in as a guest that presents %j',
    async (auth) => {
      const { connect } = await start(id, variant);
      expect(await connect(auth).ask('whoami')).toMatchObject({ guest: true });
    },
  );

  it.each([[{ token: 'forged' }], [{ token: 7 }], [{ token: ['forged'] }], [{ token: 'Bearer ' }]])(
    'refuses a client that presents %j',
    async (auth) => {
      const { connect } = await start(id, variant);
      expect(await connect(auth).answered).toBe('unauthenticated');
    },
  );

  it('lets a guest sign in on its connection', async () => {
    const { connect, login, subject } = await start(id, variant);
    const client = connect();
    const { accessToken } = (await (await login()).json()) as TokenPair;
    expect(await client.ask('auth:signin', { token: 'forged' })).toMatchObject({
      refused: { code: 'unauthenticated' },
    });
    expect(await client.ask('auth:signin', { token: accessToken })).toHaveProperty('credential');
    expect(await client.ask('whoami')).toEqual({ subject, guest: false });
    expect(await client.ask('post')).toBe('posted');
  });
});

it.each(tokenStrategies)(
  '%s: a ban ends the connection of a guest that signed in, and keeps the token out',
  async (id) => {
    const { connect, login, subject, directory } = await start(id, 'hardened');
    const [client, late] = [connect(), connect()];
    const { accessToken } = (await (await login()).json()) as TokenPair;
    await late.answered;
    await client.ask('auth:signin', { token: accessToken });
    directory.setBanned(subject, true);
    expect(await client.cut).toBe('banned');
    expect(await late.ask('auth:signin', { token: accessToken })).toMatchObject({ refused: { code: 'banned' } });
  },
);

it('a WS token signs a guest in as well, and the first sign-in hands one over', async () => {
  const { connect, login, subject } = await start('long-lived-token', 'hardened');
  const { accessToken } = (await (await login()).json()) as TokenPair;
  const answer = (await connect().ask('auth:signin', { token: accessToken })) as { credential: { wsToken: string } };
  const { wsToken } = answer.credential;
  const client = connect();
  expect(await client.ask('auth:signin', { wsToken })).toEqual({ credential: {} });
  expect(await client.ask('whoami')).toEqual({ subject, guest: false });
});

it('the connection ends with the token of the sign-in', async () => {
  const { connect, login, clock } = await start('handshake-only', 'hardened');
  const client = connect();
  const { accessToken, expiresAt } = (await (await login()).json()) as TokenPair;
  await client.ask('auth:signin', { token: accessToken });
  clock.advance(expiresAt - clock.now());
  expect(await client.cut).toBe('expired');
});

describe.each(variantNames)('session, %s', (variant) => {
  it('lets a client without a cookie in as a guest, recognises a session, and refuses another cookie', async () => {
    const { connect, login, subject } = await start('session', variant);
    expect(await connect().ask('whoami')).toMatchObject({ guest: true });
    const cookie = (await login()).headers.getSetCookie()[0]!.split(';')[0]!;
    expect(await connect({}, { cookie }).ask('whoami')).toEqual({ subject, guest: false });
    expect(await connect({}, { cookie: 'sid=forged' }).answered).toBe('unauthenticated');
    expect(await connect({}, { cookie: 'theme=dark' }).ask('whoami')).toMatchObject({ guest: true });
  });

  it('says that nobody signs in on the connection', async () => {
    const { connect } = await start('session', variant);
    expect(await connect().ask('auth:signin', { token: 'any' })).toMatchObject({
      refused: { code: 'sign-in-unsupported' },
    });
  });
});

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(204)
  login(@Req() request: Request): void {
    Object.assign(request.session, { account: { subject: 'ann', roles: [] } });
  }
}

it('in a session of the application, a visitor who is not signed in is a guest', async () => {
  const store = new MemoryStore();
  const middleware = expressSession({ secret: 'of the application', store, resave: false, saveUninitialized: true });
  const user = (request: Request) => (request.session as { account?: { subject: string } }).account;
  const auth = WsAuthModule.forRoot({ strategy: session, session: { middleware, user } });
  @Module({ imports: [auth], controllers: [LoginController], providers })
  class AppModule {}
  const { url } = await serve(AppModule, { middleware });
  const visit = await fetch(url);
  const cookie = visit.headers.getSetCookie()[0]!.split(';')[0]!;
  const visitor = new TestClient(`${url}/lobby`, {}, { cookie });
  expect(await visitor.ask('whoami')).toMatchObject({ guest: true });
  await fetch(`${url}/login`, { method: 'POST', headers: { cookie } });
  expect(await visitor.ask('auth:signin', {})).toMatchObject({ refused: { code: 'sign-in-unsupported' } });
  expect(await new TestClient(`${url}/lobby`, {}, { cookie }).ask('whoami')).toEqual({ subject: 'ann', guest: false });
});
