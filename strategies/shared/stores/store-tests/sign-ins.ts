import assert from 'node:assert/strict';
import { type Entering, type KeptSignIn, LEFT_FOR } from '../sign-ins.ts';
import { HOUR, type StoreTest, type Subject, times } from './subject.ts';

const namesOf = (list: readonly KeptSignIn[] | undefined): string[] | undefined =>
  list?.map(({ names }) => names.toSorted().join('+'));

/** Enters a sign-in of ann, and returns the names of the list. */
const entering =
  ({ signIns, later }: Pick<Subject, 'signIns' | 'later'>) =>
  async (name: string, given: Partial<Entering> = {}) =>
    namesOf(await signIns.enter('ann', { name, epoch: 1, until: later(), ...given }));

export const signInTests: readonly StoreTest[] = [
  {
    id: 'sign-ins-ordered',
    promise: 'sign-ins are listed in the order in which they entered first, whatever the clock says',
    async run(subject) {
      const enter = entering(subject);
      assert.deepEqual(await enter('first'), ['first']);
      subject.clock.advance(-HOUR / 2);
      assert.deepEqual(await enter('second'), ['first', 'second']);
      assert.deepEqual(await enter('first'), ['first', 'second'], 'a sign-in that enters again keeps its place');
      assert.deepEqual(await enter('third'), ['first', 'second', 'third']);
      const theirs = await subject.signIns.enter('bob', { name: 'first', epoch: 1, until: subject.later() });
      assert.deepEqual(namesOf(theirs), ['first'], 'users share a list');
    },
  },
  {
    id: 'sign-ins-epoch',
    promise: 'a sign-in keeps the epoch of its first time, and the latest of its ends',
    async run({ signIns, later }) {
      await signIns.enter('ann', { name: 'first', epoch: 5, until: later() });
      const [kept] = (await signIns.enter('ann', { name: 'first', epoch: 7, until: later() - 1000 })) ?? [];
      assert.deepEqual(kept, { names: ['first'], epoch: 5, until: later() });
    },
  },
  {
    id: 'sign-ins-atomic',
    promise: 'of sign-ins at once, on any node, each is listed once, and all nodes see one order',
    async run(subject) {
      const other = (await subject.another?.())?.signIns ?? subject.signIns;
      const lists = await times(20, (index) =>
        entering({ ...subject, signIns: index % 2 === 0 ? subject.signIns : other })(`sign-in ${index}`),
      );
      const all = (await entering(subject)('last'))!;
      assert.equal(new Set(all).size, 21, 'a sign-in is missing');
      assert.equal(all.length, 21, 'a sign-in is listed twice, or two got the same place');
      for (const [index, list] of lists.entries()) {
        assert.deepEqual(list, all.slice(0, list?.length), 'two nodes saw different orders');
        assert.equal(list?.includes(`sign-in ${index}`), true);
      }
    },
  },
  {
    id: 'sign-ins-left',
    promise: 'a sign-in that has left is not listed, and cannot enter again for a while',
    async run(subject) {
      const enter = entering(subject);
      await enter('first');
      await enter('second');
      await subject.signIns.leave('ann', 'first');
      await subject.signIns.leave('ann', 'never there');
      assert.equal(await enter('first'), undefined);
      assert.equal(await enter('renewed', { continues: 'first' }), undefined, 'a renewal brought it back');
      assert.deepEqual(await enter('third'), ['second', 'third']);
      subject.clock.advance(LEFT_FOR - 1);
      assert.equal(await enter('first'), undefined);
    },
  },
  {
    id: 'sign-ins-continued',
    promise: 'a token that continues another has the same place',
    async run(subject) {
      const enter = entering(subject);
      await enter('first');
      await enter('second');
      assert.deepEqual(await enter('fresh', { continues: 'first' }), ['first+fresh', 'second']);
      assert.deepEqual(await enter('of nothing known', { continues: 'unknown' }), [
        'first+fresh',
        'second',
        'of nothing known',
      ]);
    },
  },
  {
    id: 'sign-ins-expire',
    promise: 'a sign-in is forgotten at its end, and its place goes on in the token that continues it',
    async run(subject) {
      const enter = entering(subject);
      const soon = subject.clock.now() + 1000;
      await enter('first', { until: soon });
      await enter('fresh', { continues: 'first' });
      await enter('second', { until: soon });
      subject.clock.advance(999);
      assert.deepEqual(await enter('third'), ['first+fresh', 'second', 'third']);
      subject.clock.advance(1);
      assert.deepEqual(await enter('third'), ['fresh', 'third']);
    },
  },
];
