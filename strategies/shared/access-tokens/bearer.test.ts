import { generateKeyPairSync } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { AuthError } from '../errors.ts';
import { bearer, type BearerOptions } from './bearer.ts';

const clock = new ManualClock();
const seconds = (): number => Math.floor(clock.now() / 1000);
const claims = () => ({ sub: 'ann', roles: ['admin'], iat: seconds(), exp: seconds() + 60 });

const verify = (options: BearerOptions<never>) => bearer(options).verify('the-token', clock);
const codeOf = (options: object) =>
  verify(options as never).then(
    () => 'verified',
    (error: unknown) => (error instanceof AuthError ? error.code : error),
  );

describe('an access token of the application', () => {
  it('is that of its registered claims, and has a name that does not give it away', async () => {
    const { sub, iat, exp } = claims();
    const verified = await bearer({ verify: () => claims() }).verify('the-token', clock);
    expect(verified).toMatchObject({ subject: sub, roles: ['admin'], issuedAt: iat * 1000, expiresAt: exp * 1000 });
    expect(verified.tokenId).toMatch(/^[\w-]{22}$/);
    const named = await bearer({ verify: () => ({ ...claims(), jti: 'one', sid: 'two' }) }).verify('the-token', clock);
    expect(named).toMatchObject({ tokenId: 'one', sessionId: 'two' });
  });

  it('has one name, however its signature is spelled', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { verify: named } = bearer({ verify: (token) => jwt.verify(token, publicKey, { ignoreExpiration: true }) });
    const token = jwt.sign(claims(), privateKey, { algorithm: 'ES256' });
    // The last character of 64 bytes in base64url has four bits that mean nothing.
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spellings = Array.from(digits, (digit) => token.slice(0, -1) + digit);
    const verified = (await Promise.allSettled(spellings.map((one) => named(one, clock)))).flatMap((result) =>
      result.status === 'fulfilled' ? [result.value.tokenId] : [],
    );
    expect(verified).toHaveLength(16);
    expect(new Set(verified).size).toBe(1);
  });

  it.each([
    ['v4.local.one', 'v4.local.two'],
    ['one', 'two'],
    ['eyJhbGciOiJub25lIn0.e30.', 'eyJhbGciOiJub25lIn0.e31.'],
  ])('differs in name from another one: %s and %s', async (one, two) => {
    const any = bearer({ verify: () => claims() });
    const names = await Promise.all([any.verify(one, clock), any.verify(two, clock)]);
    expect(names[0].tokenId).not.toBe(names[1].tokenId);
  });

  it('is whatever the application says of it', async () => {
    const expiresAt = clock.now() + 1234;
    const opaque = bearer({
      verify: async (token) => (token === 'the-token' ? { owner: 7, expiresAt } : undefined),
      principal: ({ owner }) => ({ subject: String(owner), roles: ['user'], issuedAt: 1, expiresAt }),
    });
    expect(await opaque.verify('the-token', clock)).toMatchObject({ subject: '7', roles: ['user'], expiresAt });
    await expect(opaque.verify('another', clock)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['no end', { sub: 'ann', iat: 1 }],
    ['no issue time', { sub: 'ann', exp: 1e12 }],
    ['no subject', { iat: 1, exp: 1e12 }],
    ['a subject that is too long', { sub: 'a'.repeat(257), iat: 1, exp: 1e12 }],
    ['an end that is no number', { sub: 'ann', iat: 1, exp: 'never' }],
    ['nothing', null],
  ])('with %s is refused', async (_, given) => {
    expect(await codeOf({ verify: () => given })).toBe('unauthenticated');
  });

  it('roles that are no list of texts are none', async () => {
    const verified = await bearer({ verify: () => ({ ...claims(), roles: { admin: true } }) }).verify('t', clock);
    expect(verified.roles).toEqual([]);
  });

  it('past its end is refused as expired, though its verification did not look', async () => {
    expect(await codeOf({ verify: () => ({ sub: 'ann', iat: 1, exp: seconds() }) })).toBe('expired');
  });

  const key = 'a key of this test';
  const signed = (options: object) => jwt.sign({ sub: 'ann' }, key, options);
  it.each([
    ['jsonwebtoken: past its end', () => jwt.verify(signed({ expiresIn: -1 }), key), 'expired'],
    ['jsonwebtoken: another signature', () => jwt.verify(signed({}), 'another key'), 'unauthenticated'],
    ['jsonwebtoken: not yet', () => jwt.verify(signed({ notBefore: 60 }), key), 'unauthenticated'],
    ['jsonwebtoken: no token', () => jwt.verify('no token', key), 'unauthenticated'],
    ['Nest: UnauthorizedException', () => { throw new HttpException('no', 401); }, 'unauthenticated'], // prettier-ignore
    ['an error of its own', () => { throw new Error('no'); }, 'unauthenticated'], // prettier-ignore
  ])('%s is refused as %s', async (_, fails, code) => {
    expect(await codeOf({ verify: fails })).toBe(code);
  });

  it.each([
    ['a mistake of the program', new TypeError('cannot read properties of undefined')],
    ['a network that is away', Object.assign(new Error('connect ECONNREFUSED'), { errno: -111, code: 'ECONNREFUSED' })],
    ['a service that fails', new HttpException('down', 503)],
  ])('%s says nothing of the token, and is given on', async (_, error) => {
    expect(await codeOf({ verify: () => Promise.reject(error) })).toBe(error);
  });
});

it.each<[string, object, string]>([
  ['an option that there is not', { verify: () => null, chekc: () => true }, 'check'],
  ['a check that is none', { verify: () => null, check: 'active' }, 'check must be a function'],
  ['no verification', {}, 'verify must be a function'],
])('%s stops the start', (_, given, fix) => {
  const made = () => bearer(given as never);
  expect(made).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
  expect(made).toThrow(fix);
});
