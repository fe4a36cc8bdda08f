import assert from 'node:assert/strict';
import { ATTEMPT_WINDOW } from '../attempts.ts';
import { type StoreTest, times } from './subject.ts';

export const attemptTests: readonly StoreTest[] = [
  {
    id: 'attempts-atomic',
    promise: 'attempts of one name are counted once each, also if they come at once',
    async run({ attempts, another }) {
      const other = (await another?.())?.attempts ?? attempts;
      const counted = await times(20, (index) => (index % 2 === 0 ? attempts : other).add('ann'));
      const counts = counted.map(({ count }) => count).toSorted((a, b) => a - b);
      assert.deepEqual(
        counts,
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
      assert.equal((await attempts.add('bob')).count, 1, 'an attempt of another name was counted');
    },
  },
  {
    id: 'attempts-window',
    promise: 'attempts end one window after the first of them, and later ones do not prolong it',
    async run({ attempts, clock }) {
      const first = await attempts.add('ann');
      assert.ok(first.endsIn > ATTEMPT_WINDOW - 5000 && first.endsIn <= ATTEMPT_WINDOW, `endsIn is ${first.endsIn}`);
      clock.advance(ATTEMPT_WINDOW - 1000);
      const second = await attempts.add('ann');
      assert.equal(second.count, 2);
      assert.ok(second.endsIn <= 1000, `endsIn is ${second.endsIn}, and 1000 ms are left`);
      clock.advance(1000);
      assert.equal((await attempts.add('ann')).count, 1, 'attempts are counted after their window');
    },
  },
  {
    id: 'attempts-taken-back',
    promise: 'attempts are taken back one by one, never below none, and are cleared at once',
    async run({ attempts }) {
      await attempts.takeBack('ann');
      assert.deepEqual(
        [(await attempts.add('ann')).count, (await attempts.add('ann')).count, (await attempts.add('ann')).count],
        [1, 2, 3],
      );
      await attempts.takeBack('ann');
      assert.equal((await attempts.add('ann')).count, 3);
      for (let taken = 0; taken < 5; taken++) await attempts.takeBack('ann');
      assert.equal((await attempts.add('ann')).count, 1);
      await attempts.add('ann');
      await attempts.clear('ann');
      assert.equal((await attempts.add('ann')).count, 1);
    },
  },
];
