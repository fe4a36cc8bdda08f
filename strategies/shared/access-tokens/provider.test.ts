import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OidcProvider } from '../../../test/support/oidc-provider.ts';
import { systemClock } from '../clock.ts';
import { AuthError } from '../errors.ts';
import { introspection } from './introspection.ts';
import { oidc, type OidcOptions } from './oidc.ts';
import type { TokenVerifier } from './verifier.ts';

async function started(algorithm = 'RS256', options: Partial<OidcOptions> = {}) {
  const provider = await OidcProvider.start();
  onTestFinished(() => provider.stop());
  await provider.addKey(algorithm);
  const verifier = oidc({ issuer: provider.issuer, audience: 'chat', ...options });
  return { provider, verifier };
}

/** The subject of a token, the code of its refusal, or `no answer` for any other error. */
const outcomeOf = (verifier: TokenVerifier, token: string): Promise<string> =>
  verifier.verify(token, systemClock).then(
    ({ subject }) => subject,
    (error: unknown) => (error instanceof AuthError ? error.code : 'no answer'),
  );

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token of an OpenID Connect provider', () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('signed by %s is verified by the published key', async (algorithm) => {
    const { provider, verifier } = await started(algorithm);
    const token = await provider.token({ roles: ['admin'], sid: 'one' });
    const verified = await verifier.verify(token, systemClock);
    expect(verified).toMatchObject({ subject: 'ann', roles: ['admin'], sessionId: 'one' });
    expect(provider.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    await verifier.verify(token, systemClock);
    expect(provider.asked).toHaveLength(2);
  });

  it('of another audience, issuer, time or kind is refused', async () => {
    const { provider, verifier } = await started('RS256', { typ: 'at+jwt' });
    const now = Math.floor(Date.now() / 1000);
    const outcome = async (claims: object, options = {}) => outcomeOf(verifier, await provider.token(claims, options));
    expect(await outcome({ aud: 'shop' })).toBe('unauthenticated');
    expect(await outcome({ iss: 'https://evil.example' })).toBe('unauthenticated');
    expect(await outcome({ exp: now - 60 })).toBe('expired');
    // Within the tolerance of clocks, and over all the same: the connection would end as it begins.
    expect(await outcome({ exp: now - 1 })).toBe('expired');
    expect(await outcome({ exp: undefined })).toBe('unauthenticated');
    expect(await outcome({ nbf: now + 60 })).toBe('unauthenticated');
    expect(await outcome({}, { typ: 'JWT' })).toBe('unauthenticated');
    expect(await outcome({})).toBe('ann');
  });

  it('without a signature, or signed with a public key as a secret, is refused', async () => {
    const { provider, verifier } = await started();
    const [, payload = ''] = (await provider.token()).split('.');
    expect(await outcomeOf(verifier, `${encode({ alg: 'none' })}.${payload}.`)).toBe('unauthenticated');
    const header = encode({ alg: 'HS256', kid: 'RS256-0' });
    const keys = await (await fetch(`${provider.issuer}/keys`)).text();
    const signature = createHmac('sha256', keys).update(`${header}.${payload}`).digest('base64url');
    expect(await outcomeOf(verifier, `${header}.${payload}.${signature}`)).toBe('unauthenticated');
    expect(await outcomeOf(verifier, 'no token')).toBe('unauthenticated');
  });

  it('a key that is new is asked for, and one that is unknown at most once in a cool-down', async () => {
    const { provider, verifier } = await started('RS256', { coolDown: 60_000 });
    expect(await outcomeOf(verifier, await provider.token())).toBe('ann');
    const unknown = await provider.addKey('RS256', { published: false });
    const token = await provider.token({}, { key: unknown });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(verifier, token)));
    expect(new Set(outcomes)).toEqual(new Set(['unauthenticated']));
    // The cool-down of the first request has not passed.
    expect(provider.asked.filter((path) => path === '/keys')).toHaveLength(1);
  });

  it('a rotated key is found once the cool-down has passed', async () => {
    const { provider, verifier } = await started('RS256', { coolDown: 0 });
    expect(await outcomeOf(verifier, await provider.token())).toBe('ann');
    await provider.addKey('ES256');
    expect(await outcomeOf(verifier, await provider.token())).toBe('ann');
    expect(provider.asked.filter((path) => path === '/keys')).toHaveLength(2);
  });

  it('while the provider is away, known keys verify, unknown ones let nobody in, and it is not asked by everyone', async () => {
    const { provider, verifier } = await started('RS256', { coolDown: 0 });
    const known = await provider.token();
    expect(await outcomeOf(verifier, known)).toBe('ann');
    const unknown = await provider.token({}, { key: await provider.addKey('RS256') });
    provider.isAway = true;
    const before = provider.asked.length;
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(verifier, unknown)));
    expect(new Set(outcomes)).toEqual(new Set(['no answer']));
    expect(provider.asked.length - before).toBeLessThanOrEqual(2);
    expect(await outcomeOf(verifier, known)).toBe('ann');
  });

  it('a provider that was away at first is asked again later, and not at once', async () => {
    const provider = await OidcProvider.start();
    onTestFinished(() => provider.stop());
    await provider.addKey('RS256');
    provider.isAway = true;
    const patient = oidc({ issuer: provider.issuer, audience: 'chat', coolDown: 60_000 });
    const token = await provider.token();
    for (let i = 0; i < 10; i++) expect(await outcomeOf(patient, token)).toBe('no answer');
    expect(provider.asked).toHaveLength(1);
    const eager = oidc({ issuer: provider.issuer, audience: 'chat', coolDown: 0 });
    expect(await outcomeOf(eager, token)).toBe('no answer');
    provider.isAway = false;
    expect(await outcomeOf(eager, token)).toBe('ann');
  });

  it.each<[string, Partial<OidcOptions>, string]>([
    ['an issuer over plain HTTP', { issuer: 'http://login.example' }, 'https:'],
    ['no issuer', { issuer: '' }, 'must be a URL'],
    ['no audience', { audience: '' }, 'tokens for other APIs'],
    ['a symmetric algorithm', { algorithms: ['RS256', 'HS256'] }, 'asymmetric'],
    ['keys over plain HTTP', { jwksUri: 'http://login.example/keys' }, 'https:'],
  ])('%s stops the start', (_, given, fix) => {
    const options = { issuer: 'https://login.example', audience: 'chat', ...given };
    expect(() => oidc(options)).toThrow(expect.objectContaining({ code: 'ERR_OIDC' }));
    expect(() => oidc(options)).toThrow(fix);
  });
});

describe('an opaque access token', () => {
  async function asking() {
    const provider = await OidcProvider.start();
    onTestFinished(() => provider.stop());
    const options = {
      endpoint: `${provider.issuer}/introspect`,
      clientId: 'chat',
      clientSecret: 'a secret',
      audience: 'chat',
    };
    return { provider, verifier: introspection(options), options };
  }

  it('is that of whom its issuer names, while it is active', async () => {
    const { provider, verifier } = await asking();
    const exp = Math.floor(Date.now() / 1000) + 60;
    provider.introspected.set('the-token', {
      active: true,
      sub: 'ann',
      exp,
      iat: exp - 60,
      aud: ['chat'],
      roles: ['admin'],
    });
    expect(await verifier.verify('the-token', systemClock)).toMatchObject({
      subject: 'ann',
      roles: ['admin'],
      expiresAt: exp * 1000,
    });
    expect(await outcomeOf(verifier, 'another')).toBe('unauthenticated');
    provider.introspected.set('the-token', { active: true, sub: 'ann', exp, iat: exp - 60, aud: 'shop' });
    expect(await outcomeOf(verifier, 'the-token')).toBe('unauthenticated');
    provider.introspected.set('the-token', { active: false, sub: 'ann', exp });
    expect(await outcomeOf(verifier, 'the-token')).toBe('unauthenticated');
  });

  it.each([
    ['by Hydra', { token_use: 'refresh_token', token_type: 'Bearer' }],
    ['by an older Hydra', { token_type: 'refresh_token' }],
    ['by Keycloak', { typ: 'Refresh' }],
    ['by Keycloak, without an end', { typ: 'Offline' }],
    ['as an ID token', { token_use: 'id' }],
  ])('is no refresh token that is active, named %s', async (_, named) => {
    const { provider, verifier } = await asking();
    const exp = Math.floor(Date.now() / 1000) + 60;
    const answer = { active: true, sub: 'ann', exp, iat: exp - 60, aud: 'chat' };
    provider.introspected.set('the-token', { ...answer, ...named });
    expect(await outcomeOf(verifier, 'the-token')).toBe('unauthenticated');
    for (const own of [
      { token_use: 'access_token' },
      { typ: 'Bearer', token_type: 'Bearer' },
      { token_type: 'DPoP' },
    ]) {
      provider.introspected.set('the-token', { ...answer, ...own });
      expect(await outcomeOf(verifier, 'the-token')).toBe('ann');
    }
  });

  it('of an endpoint that is away, or takes another secret, is not taken', async () => {
    const { provider, verifier, options } = await asking();
    provider.introspected.set('the-token', { active: true, sub: 'ann', exp: 1e12, iat: 1, aud: 'chat' });
    const stranger = introspection({ ...options, clientSecret: 'another' });
    expect(await outcomeOf(stranger, 'the-token')).toBe('no answer');
    provider.isAway = true;
    expect(await outcomeOf(verifier, 'the-token')).toBe('no answer');
  });

  it.each([
    ['an endpoint over plain HTTP', { endpoint: 'http://login.example' }, 'https:'],
    ['no audience', { audience: undefined as never }, 'other APIs'],
    ['an option that there is not', { audiance: 'chat' }, 'audience'],
    ['no client', { clientId: '' }, 'clientId or clientSecret'],
  ])('%s stops the start', (_, given, fix) => {
    const options = { endpoint: 'https://login.example', clientId: 'a', clientSecret: 'b', audience: 'chat', ...given };
    expect(() => introspection(options)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(() => introspection(options)).toThrow(fix);
  });
});
