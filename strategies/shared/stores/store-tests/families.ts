import assert from 'node:assert/strict';
import type { PairClaims, RefreshFamilies, Rotation } from '../families.ts';
import { DAY, eventually, MINUTE, pairOf, type StoreTest, type Subject, times } from './subject.ts';

const GRACE = 10_000;

/** A family that has begun, and how its tokens rotate. */
async function begun({ families, clock }: Pick<Subject, 'families' | 'clock'>) {
  const first = pairOf(clock);
  await families.begin(first);
  const rotate = (presented: PairClaims, next: PairClaims, by: RefreshFamilies = families): Promise<Rotation> =>
    by.rotate('family', presented.refresh.tokenId, next, clock.now(), GRACE);
  return { first, rotate, next: () => pairOf(clock) };
}

const idOf = (rotation: Rotation): string | undefined =>
  'pair' in rotation ? rotation.pair.refresh.tokenId : undefined;

export const familyTests: readonly StoreTest[] = [
  {
    id: 'family-rotates',
    promise:
      'the current refresh token of a family gets a successor, and its predecessor the same answer within the grace',
    async run(subject) {
      const { first, rotate, next } = await begun(subject);
      const second = next();
      assert.deepEqual(await rotate(first, second), { outcome: 'rotated', pair: second });
      subject.clock.advance(GRACE);
      assert.deepEqual(await rotate(first, next()), { outcome: 'replayed', pair: second });
    },
  },
  {
    id: 'family-reuse-ends',
    promise: 'a predecessor that comes after the grace is reuse, and the whole family is gone',
    async run(subject) {
      const { first, rotate, next } = await begun(subject);
      const second = next();
      await rotate(first, second);
      subject.clock.advance(GRACE);
      await rotate(first, next());
      subject.clock.advance(1);
      assert.deepEqual(await rotate(first, next()), { outcome: 'reused' });
      assert.deepEqual(await rotate(second, next()), { outcome: 'gone' });
      assert.equal(await subject.families.has('ann', 'family'), false);
    },
  },
  {
    id: 'family-unknown-token',
    promise: 'an older token, or one that the family never had, is reuse also within the grace',
    async run(subject) {
      const { first, rotate, next } = await begun(subject);
      const second = next();
      await rotate(first, second);
      await rotate(second, next());
      assert.deepEqual(await rotate(first, next()), { outcome: 'reused' });
      await subject.families.begin(first);
      assert.deepEqual(await rotate(next(), next()), { outcome: 'reused' });
    },
  },
  {
    id: 'family-atomic',
    promise: 'of renewals of one token at once, on any node, one rotates, and all get the same pair',
    async run(subject) {
      const { first, rotate, next } = await begun(subject);
      const other = (await subject.another?.())?.families ?? subject.families;
      const rotations = await times(20, (index) => rotate(first, next(), index % 2 === 0 ? subject.families : other));
      assert.equal(rotations.filter(({ outcome }) => outcome === 'rotated').length, 1);
      assert.equal(new Set(rotations.map(idOf)).size, 1, 'two renewals got different pairs');
    },
  },
  {
    id: 'family-ends',
    promise: 'ending a family leaves the others, and one that nobody began is gone',
    async run({ families, clock }) {
      const { first, rotate, next } = await begun({ families, clock });
      const other = pairOf(clock, { sessionId: 'other' });
      await families.begin(other);
      assert.deepEqual([await families.has('ann', 'family'), await families.has('ann', 'other')], [true, true]);
      await families.end('family');
      assert.deepEqual([await families.has('ann', 'family'), await families.has('ann', 'other')], [false, true]);
      assert.deepEqual(await rotate(first, next()), { outcome: 'gone' });
      const { outcome } = await families.rotate('other', other.refresh.tokenId, other, clock.now(), GRACE);
      assert.equal(outcome, 'rotated');
      assert.deepEqual(await families.rotate('nobody', 'any', first, clock.now(), GRACE), { outcome: 'gone' });
    },
  },
  {
    id: 'family-revoked',
    promise:
      "a revocation of a user ends the user's families, also one that begins later with an earlier epoch, and no other user's",
    async run(subject) {
      const { families, revocations, clock } = subject;
      const { first, rotate, next } = await begun(subject);
      const second = next();
      await rotate(first, second);
      await families.begin(pairOf(clock, { sessionId: 'theirs', subject: 'bob' }));
      const epoch = await revocations.epoch();
      await revocations.publish({ code: 'revoked', subject: 'ann' }, clock.now() + 30 * DAY);
      clock.advance(1000);
      await families.begin(pairOf(clock, { sessionId: 'late', epoch }));
      await families.begin(pairOf(clock, { sessionId: 'after', epoch: await revocations.epoch() }));
      const has = (id: string) => families.has('ann', id);
      assert.deepEqual([await has('family'), await has('late'), await has('after')], [false, false, true]);
      assert.deepEqual(await rotate(second, next()), { outcome: 'gone' });
      assert.equal(await families.has('bob', 'theirs'), true);
    },
  },
  {
    id: 'family-expires',
    promise: 'a family ends with its refresh token',
    async run({ families, clock }) {
      await families.begin(pairOf(clock, { sessionId: 'short', expiresAt: clock.now() + 50 }));
      assert.equal(await families.has('ann', 'short'), true);
      clock.advance(2 * MINUTE);
      await families.begin(pairOf(clock, { sessionId: 'later' }));
      assert.ok(await eventually(async () => !(await families.has('ann', 'short'))), 'it goes on after its token');
      assert.equal(await families.has('ann', 'later'), true);
    },
  },
];
