import { expect, it } from 'vitest';
import { gate } from '../../test/support/gate.ts';
import { Turnstile } from './turnstile.ts';

it('lets so many run at a time, and the others in the order in which they came', async () => {
  const turnstile = new Turnstile(2);
  const gates = Array.from({ length: 5 }, () => gate());
  const begun: number[] = [];
  const all = gates.map(({ passed }, index) =>
    turnstile.pass(async () => {
      begun.push(index);
      await passed;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]!.open();
  await all[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const each of gates) each.open();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('gives the place of one that throws to the next', async () => {
  const turnstile = new Turnstile(1);
  await expect(
    turnstile.pass(() => {
      throw new Error('broken');
    }),
  ).rejects.toThrow('broken');
  expect(await turnstile.pass(() => 'next')).toBe('next');
});
