import { describe, expect, it } from 'vitest';
import { loadStrategy } from '../../strategies/registry.ts';
import { defineStrategy, type Strategy, type Supports } from '../../strategies/strategy.ts';
import { audits } from './catalogue.ts';
import { runAudit } from './runner.ts';

const auditOf = (id: string) => audits.find((audit) => audit.id === id)!;

/** The no-auth baseline as if it declared no deviation, and supported this. */
async function baseline(supports: Partial<Supports> = {}): Promise<Strategy> {
  const strategy = await loadStrategy('_no-auth');
  const { hardened } = strategy.variants;
  const variant = { ...hardened, deviations: {}, supports: { ...hardened.supports, ...supports } };
  return defineStrategy({ ...strategy, variants: { 'as-published': variant, hardened: variant } });
}

describe('a broken promise', () => {
  it('says in words that a refusal was expected and what happened, with the last frames as evidence', async () => {
    const finding = await runAudit(auditOf('no-credential'), await baseline(), 'hardened');
    expect(finding).toMatchObject({
      outcome: 'fail',
      reason: 'expected a refusal (unauthenticated), was admitted',
      evidence: expect.arrayContaining([expect.stringMatching(/^\d+ < 40\/chat,/)]) as unknown,
    });
  });

  it('says the same of a message, and never names a matcher', async () => {
    const finding = await runAudit(auditOf('ban'), await baseline(), 'hardened');
    expect(finding).toMatchObject({ outcome: 'fail', reason: 'expected a refusal, was accepted' });
  });
});

describe('a promise about the inside of a JWT', () => {
  it.each([
    ['opaque', 'the token is no JWT: it has no claims and no signature'],
    ['none', 'there are no tokens'],
  ] as const)('does not apply where the token is %s', async (token, reason) => {
    const strategy = await baseline({ token });
    for (const id of ['alg-none', 'iss-aud', 'oversize-token', 'token-malleability']) {
      expect(await runAudit(auditOf(id), strategy, 'hardened')).toEqual({ id, outcome: 'not applicable', reason });
    }
  });

  it('applies where the token is a JWT: a strategy that issues none breaks it', async () => {
    expect(await runAudit(auditOf('alg-none'), await baseline({ token: 'jwt' }), 'hardened')).toMatchObject({
      outcome: 'fail',
      reason: 'expected a token as auth.token, it is of type undefined',
    });
  });
});
