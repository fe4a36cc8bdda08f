import { expect, it } from 'vitest';
import { audits } from './index.ts';

it('ids never change: reports and deviations name them', () => {
  const ids = audits.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toMatchSnapshot();
});

it('every promise begins with its level', () => {
  for (const { promise, level } of audits) expect(promise.startsWith(`${level} `)).toBe(true);
});
