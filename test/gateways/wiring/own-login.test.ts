import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import longLivedToken from '../../../strategies/long-lived-token/index.ts';
import { noticeOf, type RefusalNotice, type Strategy } from '../../../strategies/strategy.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import { createTokenClient } from '../../../strategies/shared/client/access-token-client.ts';
import { defaultLifetimes } from '../../../strategies/shared/lifetimes.ts';
import { until } from '../../support/gate.ts';
import { start } from '../../support/own-login-app.ts';

const platforms = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

describe.each([
  { strategy: connectionLease, platform: 'Express' },
  { strategy: handshakeOnly, platform: 'Express' },
  { strategy: longLivedToken, platform: 'Express' },
  { strategy: connectionLease, platform: 'Fastify' },
] as const)('the access tokens of an application, by $strategy.id on $platform', ({ strategy, platform }) => {
  let server: Awaited<ReturnType<typeof start>>;

  beforeEach(async () => {
    server = await start(strategy, 'the secret of the kit, of 32 bytes', platforms[platform]());
  });
  afterEach(() => server.app.close());

  it('open a connection, from auth or from the header', async () => {
    const token = await server.login('ann');
    for (const client of [server.connect({ token }), server.connect({}, { authorization: `Bearer ${token}` })]) {
      expect(await client.answered).toBe('connected');
      expect(await client.ask('whoami')).toEqual({ subject: 'ann', roles: ['user'] });
    }
  });

  it('open a REST route with the guard of the kit, until they are revoked', async () => {
    const token = await server.login('ann');
    const ask = (headers: Record<string, string>) => fetch(`${server.url}/account`, { headers });
    expect(await (await ask({ authorization: `Bearer ${token}` })).json()).toEqual({ subject: 'ann', roles: ['user'] });
    expect((await ask({})).status).toBe(401);
    await server.auth.revoke({ subject: 'ann' });
    const refused = await ask({ authorization: `Bearer ${token}` });
    expect([refused.status, await refused.json()]).toEqual([401, noticeOf('revoked')]);
  });

  it('of another secret, past their end, or of who is not active any more open none', async () => {
    const token = await server.login('ann');
    const expired = await server.sign({}, { expiresIn: -1 });
    const forged = await server.sign({}, { secret: 'another secret' });
    expect(await server.connect({}).answered).toBe('unauthenticated');
    expect(await server.connect({ token: expired }).answered).toBe('expired');
    expect(await server.connect({ token: forged }).answered).toBe('unauthenticated');
    server.users.inactive.add('ann');
    expect(await server.connect({ token }).answered).toBe('revoked');
    server.users.isActive = () => undefined;
    expect(await server.connect({ token: await server.login('bob') }).answered).toBe('revoked');
  });

  it('end with a revocation of their subject, and later ones do not', async () => {
    const token = await server.login('ann');
    const [client, other] = [server.connect({ token }), server.connect({ token: await server.login('bob') })];
    expect([await client.answered, await other.answered]).toEqual(['connected', 'connected']);
    await server.auth.revoke({ subject: 'ann' });
    expect(await client.cut).toBe('revoked');
    expect(await server.connect({ token }).answered).toBe('revoked');
    expect(await other.ask('whoami')).toMatchObject({ subject: 'bob' });
    server.clock.advance(1000);
    expect(await server.connect({ token: await server.login('ann') }).answered).toBe('connected');
  });

  it('that do not tell when they were issued, or tell of a time to come, open none', async () => {
    const silent = await server.sign({}, { noTimestamp: true });
    expect(await server.connect({ token: silent }).answered).toBe('unauthenticated');
    const iat = Math.floor(server.clock.now() / 1000);
    const ahead = await server.sign({ iat: iat + 60 });
    expect(await server.connect({ token: ahead }).answered).toBe('unauthenticated');
    const old = await server.sign({ iat: iat - 31 * 86_400 }, { expiresIn: '1y' });
    expect(await server.connect({ token: old }).answered).toBe('expired');
  });

  it.each<[string, unknown, unknown?]>([
    ['nobody', {}],
    ['undefined', { subject: undefined }],
    ['a number', { subject: 42 }],
    ['an empty text', { subject: '' }],
    ['an undefined sign-in', { subject: 'ann', sessionId: undefined }],
    ['a misspelt sign-in', { subject: 'ann', session_id: 'one' }],
    ['an unknown code', { subject: 'ann' }, 'bannned'],
  ])('are not revoked of %s, and nobody is', async (_, revoked, code = 'revoked') => {
    const client = server.connect({ token: await server.login('ann') });
    expect(await client.answered).toBe('connected');
    await expect(server.auth.revoke(revoked as never, code as never)).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
    expect(await client.ask('whoami')).toMatchObject({ subject: 'ann' });
  });

  const exchanged = strategy === longLivedToken ? ' (skipped: a WS token replaces them, and ends later)' : '';
  it.skipIf(exchanged !== '')(`end the connection with themselves${exchanged}`, async () => {
    const client = server.connect({ token: await server.sign({}, { expiresIn: 60 }) });
    expect(await client.answered).toBe('connected');
    server.clock.advance(60_000 + defaultLifetimes.renewalGrace);
    expect(await client.cut).toBe('expired');
  });
});

describe('a fresh access token renews a lease', () => {
  it('of the same subject, and of no other', async () => {
    const server = await start(connectionLease);
    const client = server.connect({ token: await server.sign({}, { expiresIn: 60 }) });
    const asked = client.next('auth:renew');
    expect(await client.answered).toBe('connected');
    server.clock.advance(59_000);
    await asked;
    const renewed = await client.ask('auth:renew', { accessToken: await server.login('ann') });
    expect(renewed).toEqual({ credential: {} });
    const stranger = await client.ask('auth:renew', { accessToken: await server.login('bob') });
    expect((stranger.refused as RefusalNotice).code).toBe('subject-mismatch');
    expect(await client.cut).toBe('subject-mismatch');
  });
});

describe('a client that is told where a fresh token comes from', () => {
  const connected = async (strategy: Strategy, { inBand }: { inBand: boolean }) => {
    const server = await start(strategy);
    let asked = 0;
    const getToken = async (): Promise<string> => {
      asked += 1;
      return server.sign({}, { expiresIn: 60 });
    };
    const socket = await AuthSocket.connect(createTokenClient({ getToken, inBand }), `${server.url}/account`);
    onTestFinished(() => socket.close());
    return { socket, clock: server.clock, asked: () => asked };
  };

  it('renews its lease on the open connection', async () => {
    const { socket, clock, asked } = await connected(connectionLease, { inBand: true });
    clock.advance(59_000);
    await until(() => socket.counters.renewals === 1);
    expect(await socket.request('whoami', {})).toMatchObject({ subject: 'ann' });
    expect(socket.counters).toMatchObject({ renewals: 1, reconnects: 0 });
    expect(asked()).toBe(2);
  });

  it('comes back with a fresh token where the connection ends with the old one', async () => {
    const { socket, clock, asked } = await connected(handshakeOnly, { inBand: false });
    clock.advance(60_000);
    await until(() => socket.counters.reconnects === 1);
    expect(await socket.request('whoami', {})).toMatchObject({ subject: 'ann' });
    expect(asked()).toBe(2);
  });

  it('ends where the application has no token, and asks once for all who wait', async () => {
    let asked = 0;
    const getToken = async (): Promise<undefined> => void (asked += 1);
    const client = createTokenClient({ getToken });
    await expect(AuthSocket.connect(client, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await Promise.all([client.renew(), client.renew(), client.renewal?.()])).toEqual([false, false, undefined]);
    expect(asked).toBe(2);
  });
});
