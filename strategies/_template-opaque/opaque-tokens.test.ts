import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { refusalOf } from '../../harness/app/scenario.ts';
import type { TokenClaims } from '../shared/stores/token-claims.ts';
import { memoryStores } from '../shared/stores/memory/index.ts';
import { OpaqueTokens } from './opaque-tokens.ts';

const MINUTE = 60_000;

function setUp() {
  const clock = new ManualClock();
  const stores = memoryStores(clock);
  const kept: string[] = [];
  const set = stores.sessions.set.bind(stores.sessions);
  stores.sessions.set = (id, session, done) => {
    kept.push(JSON.stringify([id, session]));
    set(id, session, done);
  };
  const now = clock.now();
  const claims: TokenClaims = {
    subject: 'ann',
    roles: ['reader'],
    sessionId: 'a sign-in',
    tokenId: 'a token',
    issuedAt: now,
    expiresAt: now + MINUTE,
    endsAt: now + 10 * MINUTE,
    epoch: 0,
  };
  return { clock, kept, claims, tokens: new OpaqueTokens({ stores, clock }) };
}

it('a token is 256 bits that differ each time, and stands for its claims', async () => {
  const { tokens, claims } = setUp();
  const [one, other] = [await tokens.issue('access', claims), await tokens.issue('access', claims)];
  expect(Buffer.from(one, 'base64url')).toHaveLength(32);
  expect(one).not.toBe(other);
  expect(await tokens.verify('access', one)).toEqual(claims);
});

it('the store holds the hash of a token, and never the token', async () => {
  const { tokens, claims, kept } = setUp();
  const token = await tokens.issue('access', claims);
  expect(kept.join('\n')).toContain(createHash('sha256').update(token).digest('base64url'));
  expect(kept.join('\n')).not.toContain(token);
});

it('a token opens nothing in the place of another kind, and neither does its hash', async () => {
  const { tokens, claims } = setUp();
  const token = await tokens.issue('refresh', claims);
  const hash = createHash('sha256').update(token).digest('base64url');
  expect(await refusalOf(tokens.verify('access', token))).toBe('unauthenticated');
  expect(await refusalOf(tokens.verify('refresh', hash))).toBe('unauthenticated');
});

it.each([undefined, 7, '', 'x', 'x'.repeat(43), 'x'.repeat(1_000_000), {}, ['x'.repeat(43)]])(
  'what was never issued is refused: %s',
  async (token) => {
    expect(await refusalOf(setUp().tokens.verify('access', token))).toBe('unauthenticated');
  },
);

it('a token expires on its millisecond, is told so, and is forgotten a day after its sign-in', async () => {
  const { tokens, claims, clock } = setUp();
  const token = await tokens.issue('refresh', claims);
  clock.advance(MINUTE - 1);
  expect(await refusalOf(tokens.verify('refresh', token))).toBeUndefined();
  clock.advance(1);
  expect(await refusalOf(tokens.verify('refresh', token))).toBe('expired');
  expect(await tokens.verify('refresh', token, { evenExpired: true })).toEqual(claims);
  clock.advance(9 * MINUTE + 24 * 60 * MINUTE - 1);
  expect(await refusalOf(tokens.verify('refresh', token))).toBe('expired');
  clock.advance(1);
  expect(await refusalOf(tokens.verify('refresh', token))).toBe('unauthenticated');
});
