import { expect, it } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { memoryStores } from './memory/index.ts';
import { pairOf } from './store-tests/subject.ts';

it("families in memory are bounded: one more than a thousand of a subject ends its oldest, and no other subject's", async () => {
  const clock = new ManualClock();
  const { families } = memoryStores(clock);
  const begin = (sessionId: string, subject = 'ann') => families.begin(pairOf(clock, { sessionId, subject }));
  await begin('first');
  await begin('theirs', 'bob');
  for (let count = 0; count < 1000; count++) await begin(`later-${count}`);
  expect(await families.has('ann', 'first')).toBe(false);
  expect(await families.has('ann', 'later-0')).toBe(true);
  await families.end('later-7');
  await begin('last');
  expect([await families.has('ann', 'later-0'), await families.has('bob', 'theirs')]).toEqual([true, true]);
});
