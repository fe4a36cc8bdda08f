import { createHmac, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { twinOf } from '../../../audits/checks/forge.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { signatureOf } from './jws.ts';
import { ecKey, hmacKey, KeyRing, type SigningKey } from './key-ring.ts';
import { TokenIssuer, type TokenKind } from './token-issuer.ts';

const SECRET = 'a secret of the test, long enough';
const MINUTE = 60_000;
const kinds: readonly TokenKind[] = ['access', 'refresh', 'ws'];

function setUp(key: SigningKey = hmacKey(SECRET)) {
  const clock = new ManualClock();
  const keys = new KeyRing(key);
  const issuer = new TokenIssuer(keys, clock);
  const now = Math.floor(clock.now() / 1000) * 1000;
  const claims = {
    subject: 'ann',
    roles: ['reader'],
    sessionId: randomUUID(),
    tokenId: randomUUID(),
    issuedAt: now,
    expiresAt: now + MINUTE,
    endsAt: now + 10 * MINUTE,
    epoch: 0,
  };
  return { clock, keys, issuer, claims, key };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** `token` with other header or payload fields, signed again with `key`; a field of undefined is left out. */
function forged(token: string, key: SigningKey, header: object, payload: object = {}): string {
  const [head, body] = token.split('.');
  const unsigned = `${encode({ ...decode(head), ...header })}.${encode({ ...decode(body), ...payload })}`;
  return `${unsigned}.${signatureOf(key, unsigned)}`;
}

describe.each([
  ['HS256', () => hmacKey(SECRET)],
  ['ES256', () => ecKey()],
] as const)('a token signed with %s', (algorithm, makeKey) => {
  it('brings back what it was issued with', async () => {
    const { issuer, claims } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    expect(decode(token.split('.')[0])).toMatchObject({ alg: algorithm, typ: 'at+jwt' });
    expect(await issuer.verify('access', token)).toEqual(claims);
  });

  it.each(kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'of the kind %s does not pass as %s, nor with the typ or the audience of that kind alone',
    async (from, to) => {
      const { issuer, claims, key } = setUp(makeKey());
      const [token, other] = [await issuer.issue(from, claims), await issuer.issue(to, claims)];
      const { typ } = decode(other.split('.')[0]);
      const { aud } = decode(other.split('.')[1]);
      expect(await refusalOf(issuer.verify(to, token))).toBe('unauthenticated');
      expect(await refusalOf(issuer.verify(to, forged(token, key, { typ })))).toBe('unauthenticated');
      expect(await refusalOf(issuer.verify(to, forged(token, key, {}, { aud })))).toBe('unauthenticated');
      expect(await refusalOf(issuer.verify(to, forged(token, key, { typ }, { aud })))).toBeUndefined();
    },
  );

  it.each(['exp', 'iat', 'sub', 'jti', 'sid', 'end', 'aud', 'iss', 'roles'])('without %s is refused', async (name) => {
    const { issuer, claims, key } = setUp(makeKey());
    const token = forged(await issuer.issue('access', claims), key, {}, { [name]: undefined });
    expect(decode(token.split('.')[1])).not.toHaveProperty(name);
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });

  it.each([
    { sub: '' },
    { sub: {} },
    { roles: 'moderator' },
    { roles: [1] },
    { exp: '9999999999' },
    { exp: null },
    { jti: 7 },
    { iss: 'someone else' },
  ])('with the claim %j is refused', async (payload) => {
    const { issuer, claims, key } = setUp(makeKey());
    const token = forged(await issuer.issue('access', claims), key, {}, payload);
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });

  it('with a tampered payload, header or signature is refused', async () => {
    const { issuer, claims } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    const [head = '', body = '', signature = ''] = token.split('.');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const tampered = [
      [head, encode({ ...decode(body), roles: ['moderator'] }), signature],
      [encode({ ...decode(head), extra: 1 }), body, signature],
      [head, body, flipped],
      [head, body, ''],
    ];
    for (const parts of tampered) {
      expect(await refusalOf(issuer.verify('access', parts.join('.')))).toBe('unauthenticated');
    }
    expect(await refusalOf(issuer.verify('access', token))).toBeUndefined();
  });

  it('is what another implementation verifies', async () => {
    const { issuer, claims, key, clock } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    const options = { typ: 'at+jwt', audience: 'nest-ws-auth-lab/access', currentDate: new Date(clock.now()) };
    const { payload } = await jwtVerify(token, key.verify, options);
    expect(payload).toMatchObject({ sub: 'ann', roles: ['reader'], jti: claims.tokenId });
  });

  it('passes in one spelling alone', async () => {
    const { issuer, claims } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    for (const spelling of [twinOf(token), `${token}=`, `${token} `, `${token}.`, ` ${token}`, `Bearer ${token}`]) {
      expect(await refusalOf(issuer.verify('access', spelling))).toBe('unauthenticated');
    }
    expect(await refusalOf(issuer.verify('access', token))).toBeUndefined();
  });

  it.each([
    { jku: 'https://evil.example' },
    { x5u: 'https://evil.example' },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { cty: 'JWT' },
  ])('with %j in its header is refused, though the signature is right', async (member) => {
    const { issuer, claims, key } = setUp(makeKey());
    const [head, body] = (await issuer.issue('access', claims)).split('.');
    const unsigned = `${encode({ ...decode(head), ...member })}.${body}`;
    const token = `${unsigned}.${signatureOf(key, unsigned)}`;
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });

  it.each([
    ['a header member twice', '{"alg":"none",', undefined],
    ['a payload that is no UTF-8', undefined, Buffer.from([0x7b, 0xff, 0x7d])],
    ['a payload that is no JSON', undefined, Buffer.from('{')],
  ])('with %s is refused, though the signature is right', async (_, before, bytes) => {
    const { issuer, claims, key } = setUp(makeKey());
    const [head = '', body] = (await issuer.issue('access', claims)).split('.');
    const text = Buffer.from(head, 'base64url').toString();
    const header = before === undefined ? head : Buffer.from(text.replace('{', before)).toString('base64url');
    const unsigned = `${header}.${bytes?.toString('base64url') ?? body}`;
    const token = `${unsigned}.${signatureOf(key, unsigned)}`;
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });

  it('that is not valid yet is refused until it is', async () => {
    const { issuer, claims, key, clock } = setUp(makeKey());
    const nbf = clock.now() / 1000 + 10;
    const token = forged(await issuer.issue('access', claims), key, {}, { nbf });
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
    clock.advance(10_000);
    expect(await refusalOf(issuer.verify('access', token))).toBeUndefined();
  });

  it('is issued where it is as long as it may be, and verifies', async () => {
    const { issuer, claims } = setUp(makeKey());
    const roles = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(64, 'r'));
    const largest = { ...claims, subject: 's'.repeat(128), roles };
    for (const kind of kinds) {
      expect(await issuer.verify(kind, await issuer.issue(kind, largest))).toEqual(largest);
    }
  });

  it.each([
    ['33 roles', { roles: Array.from({ length: 33 }, (_, index) => `role-${index}`) }],
    ['a role of 65 characters', { roles: ['r'.repeat(65)] }],
    ['a subject of 129 characters', { subject: 's'.repeat(129) }],
    ['no subject', { subject: '' }],
    ['roles that take more than 4096 characters', { roles: Array.from({ length: 32 }, () => '\u20ac'.repeat(64)) }],
  ])('is not issued for an account with %s: nobody could use it', async (_, account) => {
    const { issuer, claims } = setUp(makeKey());
    for (const kind of kinds) {
      expect(await refusalOf(issuer.issue(kind, { ...claims, ...account }))).toBe('account-unsupported');
    }
  });

  it('ends on the millisecond of its expiry, as expired', async () => {
    const { clock, issuer, claims } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    clock.advance(claims.expiresAt - clock.now() - 1);
    expect(await refusalOf(issuer.verify('access', token))).toBeUndefined();
    clock.advance(1);
    expect(await refusalOf(issuer.verify('access', token))).toBe('expired');
  });

  it('that is forged and expired says nothing of its expiry', async () => {
    const { clock, issuer, claims } = setUp(makeKey());
    const token = await issuer.issue('access', claims);
    clock.advance(MINUTE);
    expect(await refusalOf(issuer.verify('access', `${token.slice(0, -8)}AAAAAAAA`))).toBe('unauthenticated');
  });
});

describe('the algorithm', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('%s is refused, with and without a signature', async (alg) => {
    const { issuer, claims, key } = setUp();
    const [head, body, signature] = (await issuer.issue('access', claims)).split('.');
    const header = encode({ ...decode(head), alg, kid: key.kid });
    expect(await refusalOf(issuer.verify('access', `${header}.${body}.`))).toBe('unauthenticated');
    expect(await refusalOf(issuer.verify('access', `${header}.${body}.${signature}`))).toBe('unauthenticated');
  });

  it('HS256 keyed with the public key of ES256 is refused', async () => {
    const { issuer, claims, key } = setUp(ecKey());
    const [head, body] = (await issuer.issue('access', claims)).split('.');
    const unsigned = `${encode({ ...decode(head), alg: 'HS256' })}.${body}`;
    for (const form of ['pem', 'der'] as const) {
      const secret = key.verify.export({ type: 'spki', format: form as 'pem' });
      const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
      expect(await refusalOf(issuer.verify('access', `${unsigned}.${signature}`))).toBe('unauthenticated');
    }
  });

  it('is that of the key which the header names, and no other', async () => {
    const { issuer, claims, key } = setUp();
    const token = forged(await issuer.issue('access', claims), key, { alg: 'HS384' });
    const unsigned = token.slice(0, token.lastIndexOf('.'));
    const signature = createHmac('sha384', key.sign).update(unsigned).digest('base64url');
    expect(await refusalOf(issuer.verify('access', `${unsigned}.${signature}`))).toBe('unauthenticated');
  });
});

describe('the key', () => {
  it.each(['another', '../../etc/passwd', undefined])('that the header names as %s is not found', async (kid) => {
    const { issuer, claims, key } = setUp();
    const token = forged(await issuer.issue('access', claims), key, { kid });
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });

  it('that a token brings along itself is not used', async () => {
    const { issuer, claims } = setUp(ecKey('known'));
    const own = ecKey('known');
    const token = forged(await issuer.issue('access', claims), own, { jwk: own.verify.export({ format: 'jwk' }) });
    expect(await refusalOf(issuer.verify('access', token))).toBe('unauthenticated');
  });
});

it.each([undefined, null, 7, {}, [], '', 'Bearer', 'a.b.c', 'x'.repeat(1_000_000)])(
  'what is no token (%#) is refused',
  async (token) => {
    expect(await refusalOf(setUp().issuer.verify('access', token))).toBe('unauthenticated');
  },
);
