import { randomBytes, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacToken, type Json, readToken } from '../../audits/checks/forge.ts';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { AuthError } from '../../strategies/shared/errors.ts';
import { hmacKey, KeyRing } from '../../strategies/shared/tokens/key-ring.ts';
import type { TokenClaims } from '../../strategies/shared/stores/token-claims.ts';
import { TokenIssuer, type TokenKind } from '../../strategies/shared/tokens/token-issuer.ts';
import { cases, patience } from './rounds.ts';

const kinds: readonly TokenKind[] = ['access', 'refresh', 'ws'];

async function issued() {
  const clock = new ManualClock();
  const signing = hmacKey(randomBytes(32).toString('base64url'));
  const key = signing.sign;
  const issuer = new TokenIssuer(new KeyRing(signing), clock);
  const now = Math.floor(clock.now() / 1000) * 1000;
  const claims: TokenClaims = {
    subject: 'ann',
    roles: ['reader'],
    sessionId: randomUUID(),
    tokenId: randomUUID(),
    issuedAt: now,
    expiresAt: now + 60_000,
    endsAt: now + 600_000,
    epoch: 0,
  };
  const token = await issuer.issue('access', claims);
  return { clock, key, issuer, claims, token, ...readToken(token) };
}

/** What verifying came to: claims, or the code of a refusal; any other error is thrown on. */
async function verified(issuer: TokenIssuer, kind: TokenKind, token: unknown): Promise<TokenClaims | string> {
  try {
    return await issuer.verify(kind, token);
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
}

describe('a token that nobody issued', { timeout: patience }, () => {
  it('is refused with a code, whatever is in its place', async () => {
    const { issuer } = await issued();
    const anything = fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^[\w-]*\.[\w-]*\.[\w-]*$/));
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(...kinds), async (token, kind) => {
        expect(await verified(issuer, kind, token)).toBe('unauthenticated');
      }),
      cases(500),
    );
  });

  it('is refused though it differs from one that was issued by a few characters alone', async () => {
    const { issuer, token } = await issued();
    const characters = 'ABCabc019-_.= \u0000é';
    const edits = fc.array(
      fc.record({
        at: fc.nat(token.length),
        remove: fc.nat(3),
        insert: fc.string({ unit: fc.constantFrom(...characters.split('')), maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const edited = changes.reduce(
          (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
          token,
        );
        fc.pre(edited !== token);
        expect(await verified(issuer, 'access', edited)).toBe('unauthenticated');
      }),
      cases(500),
    );
  });
});

describe('a token that is signed with the right key', { timeout: patience }, () => {
  it('is refused, or says nothing but what a token may say, whatever its claims are', async () => {
    const { issuer, key, header, payload, clock } = await issued();
    const names = fc.constantFrom('sub', 'roles', 'sid', 'jti', 'iat', 'exp', 'nbf', 'end', 'iss', 'aud', '__proto__');
    const changed = fc.dictionary(names, fc.jsonValue(), { minKeys: 1, maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(changed, async (changes) => {
        const claims = await verified(issuer, 'access', hmacToken(header, { ...payload, ...(changes as Json) }, key));
        if (typeof claims === 'string') return;
        expect(claims.subject).toEqual(expect.stringMatching(/^[^]+$/));
        expect(claims.roles.every((role) => typeof role === 'string')).toBe(true);
        expect(claims.expiresAt).toBeGreaterThan(clock.now());
        expect(Number.isFinite(claims.endsAt) && Number.isFinite(claims.issuedAt)).toBe(true);
      }),
      cases(500),
    );
  });

  it('is refused under any header but its own', async () => {
    const { issuer, key, header, payload } = await issued();
    const names = fc.constantFrom('alg', 'typ', 'kid', 'crit');
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('none', 'HS512', 'ES256', 'JWT', 'rt+jwt'));
    await fc.assert(
      fc.asyncProperty(names, value, async (name, given) => {
        fc.pre(header[name] !== given);
        expect(await verified(issuer, 'access', hmacToken({ ...header, [name]: given }, payload, key))).toBe(
          'unauthenticated',
        );
      }),
      cases(300),
    );
  });
});
