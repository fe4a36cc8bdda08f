import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import type { Principal } from '../../strategy.ts';
import { storeKinds } from '../../../test/support/stores.ts';
import { MOST_NARROW } from './revocations.ts';
import { times } from './store-tests/subject.ts';

const HOUR = 3_600_000;

describe.each(storeKinds)('beyond the contract, revocations in %s', (kind, open) => {
  async function setUp() {
    const clock = new ManualClock();
    const { revocations, close } = await open(clock);
    onTestFinished(close);
    const epoch = await revocations.epoch();
    const principal: Principal = { subject: 'ann', roles: [], sessionId: 's1', tokenId: 't1', epoch };
    const later = () => clock.now() + HOUR;
    /** Denies `count` other tokens of ann, one by one. */
    const deny = (count: number, name: string) =>
      times(count, (index) =>
        revocations.publish({ code: 'revoked', subject: 'ann', tokenId: `${name}-${index}` }, later()),
      );
    return { clock, revocations, principal, later, deny };
  }

  it.skipIf(kind === 'memory')(
    `begin an epoch above every one that was seen${kind === 'memory' ? ' (skipped: only a Redis can lose its own)' : ''}`,
    async () => {
      const { clock, revocations, principal, later } = await setUp();
      const ahead = { ...principal, epoch: (clock.now() + HOUR) * 1000 };
      expect(await revocations.check(ahead)).toBeUndefined();
      await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
      expect(await revocations.check(ahead)).toBe('revoked');
    },
  );

  it('have room for as many again, once one of the whole account stands for too many single ones', async () => {
    const { revocations, principal, deny } = await setUp();
    await deny(MOST_NARROW + 1, 'early');
    const again = { ...principal, epoch: await revocations.epoch() };
    await deny(MOST_NARROW, 'late');
    expect(await revocations.check(again)).toBeUndefined();
  });

  it('count none of those that have run out', async () => {
    const { clock, revocations, principal, deny } = await setUp();
    await deny(MOST_NARROW, 'early');
    clock.advance(HOUR);
    await deny(1, 'late');
    expect(await revocations.check(principal)).toBeUndefined();
  });

  it('of a whole account are remembered for as long as the longest that they stand for', async () => {
    const { clock, revocations, principal, later, deny } = await setUp();
    await revocations.publish({ code: 'revoked', subject: 'ann', sessionId: 's1' }, later() + HOUR);
    await deny(MOST_NARROW, 'other');
    await revocations.publish({ code: 'revoked', subject: 'ann' }, later());
    clock.advance(2 * HOUR - 1);
    expect(await revocations.check(principal)).toBe('revoked');
  });
});
