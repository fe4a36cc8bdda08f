import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import type { Principal, Revocation } from '../../strategy.ts';
import { storeKinds } from '../../../test/support/stores.ts';
import { MOST_NARROW, type SubjectRevocation } from './revocations.ts';

const HOUR = 3_600_000;

describe.each(storeKinds)('over %s', (kind, open) => {
  async function setUp() {
    const clock = new ManualClock();
    const { revocations, close } = await open(clock);
    onTestFinished(close);
    const epoch = await revocations.epoch();
    const principal: Principal = { subject: 'ann', roles: [], sessionId: 's1', tokenId: 't1', epoch };
    return { clock, revocations, principal, later: () => clock.now() + HOUR };
  }

  describe('a revocation', () => {
    it.each<[Omit<SubjectRevocation, 'code'>, boolean]>([
      [{ subject: 'ann' }, true],
      [{ subject: 'bob' }, false],
      [{ subject: 'ann', sessionId: 's1' }, true],
      [{ subject: 'ann', sessionId: 's2' }, false],
      [{ subject: 'ann', tokenId: 't1' }, true],
      [{ subject: 'ann', tokenId: 't2' }, false],
      [{ subject: 'ann', sessionId: 's1', tokenId: 't1' }, true],
      [{ subject: 'ann', sessionId: 's1', tokenId: 't2' }, false],
      [{ subject: 'bob', sessionId: 's1', tokenId: 't1' }, false],
    ])('%j matches: %s', async (narrowing, matches) => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'banned', ...narrowing }, later());
      expect(await revocations.check(principal)).toBe(matches ? 'banned' : undefined);
    });

    it('of a subject ends every sign-in that read an earlier epoch, and none that reads the new one', async () => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'revoked', subject: 'bob' }, later());
      const before = await revocations.epoch();
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      const after = await revocations.epoch();
      expect(after).toBeGreaterThan(before);
      expect(await revocations.check({ ...principal, epoch: before })).toBe('revoked');
      expect(await revocations.check({ ...principal, epoch: after })).toBeUndefined();
      expect(await revocations.check({ subject: 'ann', roles: [] })).toBe('revoked');
    });

    it('orders by the store alone: a clock that is set back ends no less', async () => {
      const { clock, revocations, principal, later } = await setUp();
      const before = await revocations.epoch();
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      const between = await revocations.epoch();
      clock.advance(-5 * 60_000);
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      for (const epoch of [before, between]) {
        expect(await revocations.check({ ...principal, epoch })).toBe('revoked');
      }
    });

    it('that stands for later sign-ins too refuses them until the ban is over', async () => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'banned', subject: 'ann' }, later(), later());
      const epoch = await revocations.epoch();
      expect(await revocations.check({ ...principal, epoch })).toBe('banned');
      await revocations.unban('ann');
      expect(await revocations.check({ ...principal, epoch })).toBeUndefined();
      expect(await revocations.check(principal)).toBe('banned');
    });

    it.skipIf(kind === 'memory')(
      `begins an epoch above every one that was seen${kind === 'memory' ? ' (skipped: only a Redis can lose its own)' : ''}`,
      async () => {
        const { clock, revocations, principal, later } = await setUp();
        const ahead = { ...principal, epoch: (clock.now() + HOUR) * 1000 };
        expect(await revocations.check(ahead)).toBeUndefined();
        await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
        expect(await revocations.check(ahead)).toBe('revoked');
      },
    );

    it('of a ban stands through a new password and a sign-out that come later', async () => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'banned', subject: 'ann' }, later(), later());
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      expect(await revocations.check({ ...principal, epoch: await revocations.epoch() })).toBe('banned');
    });

    it('by roles ends those who have others, and tells the roles while it is remembered', async () => {
      const { clock, revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'roles-changed', subject: 'ann', roles: ['reader'] }, later());
      expect(await revocations.rolesOf('ann')).toEqual(['reader']);
      expect(await revocations.check(principal)).toBe('roles-changed');
      expect(await revocations.check({ ...principal, roles: ['reader'] })).toBeUndefined();
      clock.advance(HOUR);
      expect(await revocations.rolesOf('ann')).toBeUndefined();
      expect(await revocations.check(principal)).toBeUndefined();
    });

    it('is remembered beside those that came before and after it', async () => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't0' }, later());
      await revocations.publish({ code: 'token-reused', subject: 'ann', sessionId: 's1' }, later());
      await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: 't2' }, later());
      expect(await revocations.check(principal)).toBe('token-reused');
    });

    it('is told by its gravest code: a renewal does not help against a sign-out', async () => {
      const { revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'roles-changed', subject: 'ann', roles: ['reader'] }, later());
      expect(await revocations.check(principal)).toBe('roles-changed');
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      expect(await revocations.check(principal)).toBe('revoked');
    });

    it('ends all sign-ins so far of an account that had too many ended one by one, and no later or other one', async () => {
      const { revocations, principal, later } = await setUp();
      const heard = vi.fn<(revocation: Revocation) => void>();
      revocations.onRevoked(heard);
      const deny = (name: number) =>
        revocations.publish({ code: 'revoked', subject: 'ann', tokenId: `other-${name}` }, later());
      const denyMost = (from: number) =>
        Promise.all(Array.from({ length: MOST_NARROW }, (_unused, index) => deny(from + index)));
      await denyMost(0);
      expect(await revocations.check(principal)).toBeUndefined();
      // Once more changes nothing.
      await deny(0);
      expect(await revocations.check(principal)).toBeUndefined();
      await deny(MOST_NARROW);
      expect(await revocations.check(principal)).toBe('revoked');
      expect(heard).toHaveBeenLastCalledWith({ code: 'revoked', subject: 'ann' });
      expect(await revocations.check({ ...principal, subject: 'bob' })).toBeUndefined();
      const again = { ...principal, epoch: await revocations.epoch() };
      expect(await revocations.check(again)).toBeUndefined();
      // It takes the room of one: as many may be denied again.
      await denyMost(MOST_NARROW + 1);
      expect(await revocations.check(again)).toBeUndefined();
    });

    it('counts none of those that have run out', async () => {
      const { clock, revocations, principal, later } = await setUp();
      const deny = (name: string) => revocations.publish({ code: 'revoked', subject: 'ann', tokenId: name }, later());
      for (let count = 0; count < MOST_NARROW; count++) await deny(`early-${count}`);
      clock.advance(HOUR);
      await deny('late');
      expect(await revocations.check(principal)).toBeUndefined();
    });

    it('is remembered for as long as the longest that it takes the place of', async () => {
      const { clock, revocations, principal, later } = await setUp();
      const until = later() + HOUR;
      await revocations.publish({ code: 'revoked', subject: 'ann', sessionId: 's1' }, until);
      for (let count = 0; count < MOST_NARROW; count++)
        await revocations.publish({ code: 'revoked', subject: 'ann', tokenId: `other-${count}` }, later());
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      clock.advance(2 * HOUR - 1);
      expect(await revocations.check(principal)).toBe('revoked');
    });

    it('is remembered while a credential that it matches may live, and forgotten some time after', async () => {
      const { clock, revocations, principal, later } = await setUp();
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      clock.advance(HOUR - 1);
      await revocations.publish({ code: 'revoked', subject: 'bob' }, later());
      expect(await revocations.check(principal)).toBe('revoked');
      clock.advance(HOUR);
      await revocations.publish({ code: 'revoked', subject: 'carl' }, later());
      expect(await revocations.check(principal)).toBeUndefined();
    });
  });

  describe('listeners', () => {
    it('hear of each revocation once, until they stop', async () => {
      const { revocations, later } = await setUp();
      const heard: Revocation[] = [];
      const stop = revocations.onRevoked((revocation) => heard.push(revocation));
      const first = { code: 'revoked', subject: 'ann' } as const;
      await revocations.publish(first, later());
      stop();
      await revocations.publish({ code: 'banned', subject: 'ann' }, later());
      expect(heard).toEqual([first]);
    });

    it('find what they hear of remembered already, so that no reconnect slips between', async () => {
      const { revocations, principal, later } = await setUp();
      let known: Promise<string | undefined> | undefined;
      revocations.onRevoked(() => void (known = revocations.check(principal)));
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      expect(await known).toBe('revoked');
    });
  });
});
