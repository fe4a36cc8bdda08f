import { type DynamicModule, Module } from '@nestjs/common';
import { LazyModuleLoader, NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { type NamespaceOptions, namespaceOptions } from '../../../gateways/options/namespace-options.ts';
import { resolveOptions } from '../../../gateways/options/options.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import session from '../../../strategies/session/index.ts';
import { bearer } from '../../../strategies/shared/access-tokens/index.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { hmacKey, KeyRing } from '../../../strategies/shared/tokens/key-ring.ts';
import { refused } from '../../../strategies/strategy.ts';
import { type Features, LIFETIME, start, type StartOptions, userOf } from '../../support/namespaces-app.ts';
import { testStrategy } from '../../support/test-strategy.ts';

const token = { token: 'token of ann' };

/** Options of `forRoot` with tokens of the kit. */
const kit = () => ({
  accessTokens: undefined as never,
  secret: 'the secret of a test, long enough',
  directory: new MemoryDirectory(),
});
/** The one token that opens a namespace is its name. */
const tokensOf = (namespace: string, clock = new ManualClock(), options: Pick<NamespaceOptions, 'lifetimes'> = {}) =>
  WsAuthModule.forFeature(namespace, {
    strategy: handshakeOnly,
    accessTokens: bearer({
      verify: (given) => (given === namespace ? given : null),
      principal: (subject) => ({ subject, issuedAt: clock.now(), expiresAt: clock.now() + LIFETIME }),
    }),
    ...options,
  });

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

it('keeps the strategies of namespaces apart whose modules Nest tells apart by what they contain', async () => {
  const features: Features = (_, clock) => ['/admin', '/room'].map((namespace) => tokensOf(namespace, clock));
  const { connect } = await start(features, { nest: { moduleIdGeneratorAlgorithm: 'deep-hash' } });
  const answersOf = (namespace: string) =>
    Promise.all(['/admin', '/room', token.token].map((given) => connect(namespace, { token: given }).answered));
  expect(await answersOf('/admin')).toEqual(['connected', 'unauthenticated', 'unauthenticated']);
  expect(await answersOf('/room')).toEqual(['unauthenticated', 'connected', 'unauthenticated']);
});

it('does not close the other namespaces where the request of a transport cannot be read', async () => {
  const unreadable = testStrategy({
    authenticate: () => refused('unauthenticated'),
    authorize: ({ admitted }) => admitted,
    upgradeMiddleware: (_request, _response, next) => next(new Error('away')),
  });
  const { connect } = await start(() => [WsAuthModule.forFeature('/admin', { strategy: unreadable })]);
  expect(await connect('/admin', token).answered).toBe('unavailable');
  expect(await connect('/room', token).answered).toBe('connected');
});

it('refuses a strategy that is loaded after the start', async () => {
  const { app } = await start(() => []);
  @Module({ imports: [tokensOf('/admin')] })
  class LazyModule {}
  const loaded = app.get(LazyModuleLoader).load(() => LazyModule);
  await expect(loaded).rejects.toThrow(/in a module that is loaded after the start/);
});

it('signs with a secret of its own where forRoot has keys', () => {
  const keys = new KeyRing(hmacKey('the secret of a test, long enough'));
  const root = resolveOptions({ keys, directory: new MemoryDirectory() }, handshakeOnly, false);
  const secret = 'another secret of a test, long enough';
  expect(namespaceOptions(root, { secret }, handshakeOnly, false)).not.toHaveProperty('keys');
  expect(namespaceOptions(root, {}, handshakeOnly, false)).toMatchObject({ keys });
});

it('keeps a lifetime of forRoot that is given as undefined', () => {
  const root = resolveOptions(
    { directory: new MemoryDirectory(), lifetimes: { accessToken: 1000 } },
    handshakeOnly,
    false,
  );
  const given = { lifetimes: { accessToken: undefined } } as never;
  expect(namespaceOptions(root, given, handshakeOnly, false).lifetimes.accessToken).toBe(1000);
});

describe('does not start', () => {
  it.each<[string, Features, StartOptions, string, string]>([
    [
      'where a namespace has other accounts than forRoot',
      () => [WsAuthModule.forFeature('/admin', { strategy: handshakeOnly, directory: new MemoryDirectory() })],
      { root: kit() },
      'ERR_OPTIONS',
      'another directory',
    ],
    [
      'where credentials would outlive what was revoked',
      () => [tokensOf('/admin', undefined, { lifetimes: { absolute: 40 * 24 * 60 * 60_000 } })],
      {},
      'ERR_LIFETIMES',
      'must be the same in forFeature as in forRoot',
    ],
    [
      'where two namespaces have sessions of the kit',
      () => [WsAuthModule.forFeature('/admin', { strategy: session, secret: 'another secret of a test, long enough' })],
      { root: { ...kit(), strategy: session } },
      'ERR_NAMESPACE',
      'one session would open both',
    ],
    [
      'where two strategies have one HTTP path',
      () => [WsAuthModule.forFeature('/admin', { strategy: connectionLease, http: { path: 'Auth' } })],
      { root: kit() },
      'ERR_HTTP_PATH',
      'of another namespace at /auth',
    ],
    [
      'where any page could use a cookie',
      (middleware) => [WsAuthModule.forFeature('/admin', { strategy: session, session: { middleware, user: userOf } })],
      { root: { origins: 'any' } },
      'ERR_ORIGINS',
      'any page could use that cookie',
    ],
  ])('%s', async (_, features, options, code, text) => {
    await expect(start(features, options)).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it('without forRoot', async () => {
    const started = NestFactory.createApplicationContext(tokensOf('/admin'), { logger: false, abortOnError: false });
    await expect(started).rejects.toThrow(/which needs WsAuthModule.forRoot in the root module/);
  });

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
