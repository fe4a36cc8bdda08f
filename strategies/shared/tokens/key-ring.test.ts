import { createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { ecKey, hmacKey, KeyRing, type SigningKey } from './key-ring.ts';
import type { TokenClaims } from '../stores/token-claims.ts';
import { TokenIssuer } from './token-issuer.ts';

const HOUR = 3_600_000;
const hmac = (name: string) => hmacKey(`the ${name} secret of a test, long enough`);

function setUp(ring: KeyRing) {
  const clock = new ManualClock();
  const issuer = new TokenIssuer(ring, clock);
  const now = Math.floor(clock.now() / 1000) * 1000;
  const ids = { subject: 'ann', roles: [], sessionId: randomUUID(), tokenId: randomUUID() };
  const claims: TokenClaims = { ...ids, issuedAt: now, expiresAt: now + 10 * HOUR, endsAt: now + 10 * HOUR, epoch: 0 };
  return {
    clock,
    issue: () => issuer.issue('access', claims),
    check: (token: string) => issuer.verify('access', token),
  };
}

describe.each([
  ['HS256 to HS256', hmac('first'), hmac('second')],
  ['HS256 to ES256', hmac('first'), ecKey()],
  ['ES256 to ES256', ecKey(), ecKey()],
] as const)('a rotation from %s', (_, first, second) => {
  it('keeps the tokens of the former key for the overlap, and refuses them after it', async () => {
    const ring = new KeyRing(first);
    const { clock, issue, check } = setUp(ring);
    const old = await issue();
    ring.rotate(second, clock.now() + HOUR);
    const fresh = await issue();
    clock.advance(HOUR - 1);
    expect(await refusalOf(check(old))).toBeUndefined();
    expect(await refusalOf(check(fresh))).toBeUndefined();
    clock.advance(1);
    expect(await refusalOf(check(old))).toBe('unauthenticated');
    expect(await refusalOf(check(fresh))).toBeUndefined();
  });

  it('signs with the new key alone', async () => {
    const ring = new KeyRing(first);
    const { clock, issue, check } = setUp(ring);
    ring.rotate(second, clock.now() + HOUR);
    const token = await issue();
    expect(await refusalOf(setUp(new KeyRing(second)).check(token))).toBeUndefined();
    expect(await refusalOf(setUp(new KeyRing(first)).check(token))).toBe('unauthenticated');
    expect(await refusalOf(check(token))).toBeUndefined();
  });
});

it('a key that comes back is current again, however its overlap ended', async () => {
  const [first, second] = [hmac('first'), hmac('second')];
  const ring = new KeyRing(first);
  const { clock, issue, check } = setUp(ring);
  const old = await issue();
  ring.rotate(second, clock.now() + HOUR);
  ring.rotate(first, clock.now() + HOUR);
  clock.advance(2 * HOUR);
  expect(await refusalOf(check(old))).toBeUndefined();
});

it.each([
  [hmac('one'), 'ES256'],
  [ecKey(), 'HS256'],
  [ecKey(), 'none'],
  [hmac('one'), undefined],
] as const)('a key (%#) verifies its own algorithm alone', (key, alg) => {
  const ring = new KeyRing(key);
  expect(ring.find({ kid: key.kid, alg: key.algorithm }, 0)).toBe(key);
  expect(ring.find({ kid: key.kid, alg }, 0)).toBeUndefined();
});

it('the same secret gives the same key and name everywhere, and another secret another', () => {
  expect(hmac('one').kid).toBe(hmac('one').kid);
  expect(hmac('one').sign.export()).toEqual(hmac('one').sign.export());
  expect(hmac('one').kid).not.toBe(hmac('two').kid);
});

it('neither the key nor its name is the secret', () => {
  const secret = 'x'.repeat(32);
  const key = hmacKey(secret);
  expect(key.sign.export().toString()).not.toContain(secret);
  expect(secret).not.toContain(key.kid);
});

const short = createSecretKey(Buffer.alloc(31));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

it.each<[string, Omit<SigningKey, 'kid'>]>([
  ['a short secret', { algorithm: 'HS256', sign: short, verify: short }],
  ['an RSA key', { algorithm: 'ES256', sign: rsa.privateKey, verify: rsa.publicKey }],
  ['another curve', { algorithm: 'ES256', sign: p384.privateKey, verify: p384.publicKey }],
  ['a secret in the place of a pair', { ...hmac('one'), algorithm: 'ES256' }],
  ['a pair in the place of a secret', { ...ecKey(), algorithm: 'HS256' }],
])('%s stops the start, and a rotation', (_, key) => {
  const misfit = { ...key, kid: 'a-kid' };
  const ring = new KeyRing(hmac('one'));
  for (const take of [() => new KeyRing(misfit), () => ring.rotate(misfit, Infinity)]) {
    expect(take).toThrow(expect.objectContaining({ code: 'ERR_SIGNING_KEY' }));
  }
  expect(ring.current.kid).toBe(hmac('one').kid);
});
