import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { describe, expect, it } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { bearer, fromAuth } from '../../../strategies/shared/access-tokens/index.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import session from '../../../strategies/session/index.ts';
import longLivedToken from '../../../strategies/long-lived-token/index.ts';
import { start } from '../../support/own-login-app.ts';

describe('what a strategy is not told stops the start', () => {
  const starting = (options: object) => () =>
    WsAuthModule.forRoot({ strategy: handshakeOnly, accessTokens: bearer({ verify: () => null }), ...options });

  const ownSession = { accessTokens: undefined, session: { middleware: () => {}, user: () => undefined } };

  it.each([
    ['a strategy that takes no access tokens', { strategy: session }, 'does not take accessTokens'],
    ['endpoints that would sign nobody in', { http: {} }, 'http: false'],
    ['a verifier that is none', { accessTokens: {} }, 'bearer()'],
    ['an extractor that is none', { extractToken: ['auth'] }, 'fromAuth()'],
    ['an extractor that was not made', { extractToken: [fromAuth] }, 'fromAuth()'],
    [
      'a token in a cookie, from any page',
      { extractToken: [Object.assign(() => '', { isCookie: true })], origins: 'any' },
      'cookie',
    ],
    [
      'an extractor for a strategy that reads a cookie',
      { strategy: session, ...ownSession, extractToken: [fromAuth()] },
      'Remove extractToken',
    ],
    [
      'a number of sessions where nothing ends one',
      { maxSessionsPerUser: 1, variant: 'as-published' },
      'ends no connection',
    ],
    ['a path that is none', { accessTokens: undefined, http: { path: '/auth/' } }, 'without a slash'],
  ])('%s', (_, options, fix) => {
    expect(starting(options)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(starting(options)).toThrow(fix);
  });

  it('endpoints of the kit on another platform than Express and Fastify', async () => {
    const module = WsAuthModule.forRoot({
      strategy: handshakeOnly,
      secret: 'the secret of the kit, of 32 bytes',
      directory: new MemoryDirectory(),
    });
    class OtherAdapter extends ExpressAdapter {
      override getType(): string {
        return 'other';
      }
    }
    const created = NestFactory.create(module, new OtherAdapter(), { logger: false, abortOnError: false });
    await expect(created).rejects.toMatchObject({ code: 'ERR_HTTP_PLATFORM' });
  });

  it('a WS token that nothing signs', async () => {
    await expect(start(longLivedToken)).rejects.toMatchObject({ code: 'ERR_SECRET_MISSING' });
  });

  it('an option from a factory that is none', async () => {
    const module = WsAuthModule.forRootAsync({
      strategy: handshakeOnly,
      useFactory: () => ({ secrets: 'x' }) as never,
    });
    const created = NestFactory.create(module, { logger: false, abortOnError: false });
    await expect(created).rejects.toMatchObject({ code: 'ERR_OPTIONS' });
  });
});
