import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { storeKinds } from '../../../test/support/stores.ts';
import type { PairClaims } from './families.ts';

const GRACE = 10_000;
const DAY = 86_400_000;

function pair(sessionId: string, subject = 'ann', epoch = 0): PairClaims {
  const claims = { subject, roles: [], sessionId, issuedAt: 0, expiresAt: DAY, endsAt: 30 * DAY, epoch };
  return { access: { ...claims, tokenId: randomUUID() }, refresh: { ...claims, tokenId: randomUUID() } };
}

describe.each(storeKinds)('over %s', (kind, open) => {
  async function begun(sessionId = 'family') {
    const { families, revocations, close } = await open(new ManualClock());
    onTestFinished(close);
    const first = pair(sessionId);
    await families.begin(first);
    const rotate = (presented: PairClaims, next: PairClaims, now = 0) =>
      families.rotate(sessionId, presented.refresh.tokenId, next, now, GRACE);
    const revokeAll = (subject: string) => revocations.publish({ code: 'revoked', subject }, Date.now() + 30 * DAY);
    return { families, revocations, revokeAll, first, rotate, next: () => pair(sessionId) };
  }

  describe('a family', () => {
    it('gives its current token a successor', async () => {
      const { first, rotate, next } = await begun();
      const second = next();
      expect(await rotate(first, second)).toEqual({ outcome: 'rotated', pair: second });
    });

    it('gives the immediate predecessor the same answer, to the last millisecond of the grace', async () => {
      const { first, rotate, next } = await begun();
      const second = next();
      await rotate(first, second, 1000);
      expect(await rotate(first, next(), 1000 + GRACE)).toEqual({ outcome: 'replayed', pair: second });
    });

    it('does not lengthen the grace by answering within it', async () => {
      const { first, rotate, next } = await begun();
      await rotate(first, next(), 0);
      await rotate(first, next(), GRACE);
      expect(await rotate(first, next(), GRACE + 1)).toEqual({ outcome: 'reused' });
    });

    it('takes the predecessor for reuse after the grace, and is gone with its newest token', async () => {
      const { first, rotate, next } = await begun();
      const second = next();
      await rotate(first, second, 0);
      expect(await rotate(first, next(), GRACE + 1)).toEqual({ outcome: 'reused' });
      expect(await rotate(second, next(), GRACE + 1)).toEqual({ outcome: 'gone' });
    });

    it('takes an older token for reuse within the grace too', async () => {
      const { first, rotate, next } = await begun();
      const second = next();
      await rotate(first, second);
      await rotate(second, next());
      expect(await rotate(first, next())).toEqual({ outcome: 'reused' });
    });

    it('takes a token id that it never had for reuse', async () => {
      const { rotate, next } = await begun();
      expect(await rotate(next(), next())).toEqual({ outcome: 'reused' });
    });

    it('that nobody began is gone', async () => {
      const { families, next } = await begun();
      expect(await families.rotate('another', 'any', next(), 0, GRACE)).toEqual({ outcome: 'gone' });
    });

    it('has one child, however many ask at once', async () => {
      const { first, rotate, next } = await begun();
      const rotations = await Promise.all(Array.from({ length: 20 }, () => rotate(first, next())));
      expect(rotations.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1);
      expect(new Set(rotations.map((rotation) => 'pair' in rotation && rotation.pair.refresh.tokenId)).size).toBe(1);
    });
  });

  describe('ending', () => {
    it('comes with the end of its refresh token, though what was issued may live on', async () => {
      const { families } = await begun();
      const { access, refresh } = pair('short');
      await families.begin({ access, refresh: { ...refresh, expiresAt: 50 } });
      expect(await families.has('ann', 'short')).toBe(true);
      const later = pair('later');
      await families.begin({ ...later, refresh: { ...later.refresh, issuedAt: 60_000 } });
      await expect.poll(() => families.has('ann', 'short')).toBe(false);
      expect(await families.has('ann', 'family')).toBe(true);
    });

    it.runIf(kind === 'memory')('comes to the oldest of a subject that has a thousand', async () => {
      const { families } = await begun('first');
      await families.begin(pair('theirs', 'bob'));
      for (let count = 0; count < 1000; count++) await families.begin(pair(`later-${count}`));
      expect(await families.has('ann', 'first')).toBe(false);
      expect(await families.has('ann', 'later-0')).toBe(true);
      await families.end('later-7');
      await families.begin(pair('last'));
      expect([await families.has('ann', 'later-0'), await families.has('bob', 'theirs')]).toEqual([true, true]);
    });

    it('one family leaves the others of its subject', async () => {
      const { families, first, rotate, next } = await begun();
      const other = pair('other');
      await families.begin(other);
      await families.end('family');
      expect([await families.has('ann', 'family'), await families.has('ann', 'other')]).toEqual([false, true]);
      expect(await rotate(first, next())).toEqual({ outcome: 'gone' });
      expect(await families.rotate('other', other.refresh.tokenId, pair('other'), 0, GRACE)).toMatchObject({
        outcome: 'rotated',
      });
    });

    it("all of a subject's families leaves those of another subject", async () => {
      const { families, revokeAll, first, rotate, next } = await begun();
      const theirs = pair('theirs', 'bob');
      await families.begin(theirs);
      await revokeAll('ann');
      expect(await families.has('ann', 'family')).toBe(false);
      expect(await rotate(first, next())).toEqual({ outcome: 'gone' });
      expect(await families.rotate('theirs', theirs.refresh.tokenId, pair('theirs', 'bob'), 0, GRACE)).toMatchObject({
        outcome: 'rotated',
      });
    });

    it('all of them ends one that was renewed meanwhile, whatever the time of its renewal', async () => {
      const { revokeAll, first, rotate, next } = await begun();
      const second = next();
      await rotate(first, second, 2000);
      await revokeAll('ann');
      expect(await rotate(second, next(), 3000)).toEqual({ outcome: 'gone' });
    });

    it('all of them ends one whose sign-in had read the epoch before, though it begins later', async () => {
      const { families, revocations, revokeAll } = await begun();
      const before = await revocations.epoch();
      await revokeAll('ann');
      await families.begin(pair('slow', 'ann', before));
      await families.begin(pair('later', 'ann', await revocations.epoch()));
      expect([await families.has('ann', 'slow'), await families.has('ann', 'later')]).toEqual([false, true]);
    });
  });
});
