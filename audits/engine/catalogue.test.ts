import { expect, it } from 'vitest';
import { audits } from './catalogue.ts';
import { differencesOf } from './matrix-run.ts';

it('ids never change: reports and deviations name them', () => {
  const ids = audits.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toMatchSnapshot();
});

it('every promise begins with its level', () => {
  for (const { promise, level } of audits) expect(promise.startsWith(`${level} `)).toBe(true);
});

it('tells where a matrix answers otherwise than another, and how much both were asked', () => {
  const matrixOf = (outcomes: Record<string, 'pass' | 'fail'>) => {
    const findings = Object.entries(outcomes).map(([id, outcome]) => ({ id, outcome }));
    return { audits: [], columns: [{ strategy: 'session', variant: 'hardened' as const, title: 'Session', findings }] };
  };
  const memory = matrixOf({ a: 'pass', b: 'pass', c: 'fail' });
  expect(differencesOf(memory, matrixOf({ a: 'pass', b: 'fail' }))).toEqual({
    asked: 2,
    lines: ['session hardened: b: pass, and here fail'],
  });
});
