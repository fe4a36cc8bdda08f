import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../harness/manual-clock.ts';
import type { Principal, Revocation } from '../strategy.ts';
import { MemoryRevocations } from './revocations.ts';

const HOUR = 3_600_000;
const principal: Principal = { subject: 'ann', roles: [], sessionId: 's1', tokenId: 't1', issuedAt: 1000 };

function setUp() {
  const clock = new ManualClock();
  return { clock, revocations: new MemoryRevocations(clock), later: () => clock.now() + HOUR };
}

describe('a revocation', () => {
  it.each<[Omit<Revocation, 'code'>, boolean]>([
    [{ subject: 'ann' }, true],
    [{ subject: 'bob' }, false],
    [{ subject: 'ann', sessionId: 's1' }, true],
    [{ subject: 'ann', sessionId: 's2' }, false],
    [{ subject: 'ann', tokenId: 't1' }, true],
    [{ subject: 'ann', tokenId: 't2' }, false],
    [{ subject: 'ann', issuedUntil: 1000 }, true],
    [{ subject: 'ann', issuedUntil: 999 }, false],
    [{ subject: 'ann', sessionId: 's1', tokenId: 't2' }, false],
    [{ subject: 'bob', sessionId: 's1', tokenId: 't1' }, false],
  ])('%j matches: %s', (narrowing, matches) => {
    const { revocations, later } = setUp();
    revocations.publish({ code: 'banned', ...narrowing }, later());
    expect(revocations.check(principal)).toBe(matches ? 'banned' : undefined);
  });

  it('reaches a credential of which it is not known when it was issued', () => {
    const { revocations, later } = setUp();
    revocations.publish({ code: 'revoked', subject: 'ann', issuedUntil: 5 }, later());
    expect(revocations.check({ subject: 'ann', roles: [] })).toBe('revoked');
  });

  it('is remembered beside those that came before and after it', () => {
    const { revocations, later } = setUp();
    revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't0' }, later());
    revocations.publish({ code: 'token-reused', subject: 'ann', sessionId: 's1' }, later());
    revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't2' }, later());
    expect(revocations.check(principal)).toBe('token-reused');
  });

  it('is remembered while a credential that it matches may live, and forgotten some time after', () => {
    const { clock, revocations, later } = setUp();
    revocations.publish({ code: 'revoked', subject: 'ann' }, later());
    clock.advance(HOUR - 1);
    revocations.publish({ code: 'revoked', subject: 'bob' }, later());
    expect(revocations.check(principal)).toBe('revoked');
    clock.advance(HOUR);
    revocations.publish({ code: 'revoked', subject: 'carl' }, later());
    expect(revocations.check(principal)).toBeUndefined();
  });
});

describe('listeners', () => {
  it('hear of each revocation once, until they stop', () => {
    const { revocations, later } = setUp();
    const heard: Revocation[] = [];
    const stop = revocations.onRevoked((revocation) => heard.push(revocation));
    const first = { code: 'revoked', subject: 'ann' } as const;
    revocations.publish(first, later());
    stop();
    revocations.publish({ code: 'banned', subject: 'ann' }, later());
    expect(heard).toEqual([first]);
  });

  it('find what they hear of remembered already, so that no reconnect slips between', () => {
    const { revocations, later } = setUp();
    let known: string | undefined;
    revocations.onRevoked(() => (known = revocations.check(principal)));
    revocations.publish({ code: 'revoked', subject: 'ann' }, later());
    expect(known).toBe('revoked');
  });
});
