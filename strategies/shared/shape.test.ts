import { describe, expect, it } from 'vitest';
import { type Check, listOf, number, optional, positive, shapeOf, text } from './shape.ts';

const ofEveryType: readonly unknown[] = [undefined, null, true, 0, 1n, '', 'a', Symbol('s'), {}, [], () => 'a'];
const only = (check: Check<unknown>, values: readonly unknown[]): unknown[] => values.filter((value) => check(value));

describe('a check', () => {
  it('of a text takes strings alone, of so many UTF-16 code units', () => {
    expect(only(text(), ofEveryType)).toEqual(['', 'a']);
    expect(only(text(1, 2), ['', 'a', 'ab', 'abc', '\u{1F600}', '\u{1F600}a'])).toEqual(['a', 'ab', '\u{1F600}']);
    expect(text()(Object('a'))).toBe(false);
  });

  it('of a number takes finite numbers alone, from the least on', () => {
    const numbers = [NaN, Infinity, -Infinity, -1, -0, 0, 5e-324, 1.5, Number.MAX_VALUE];
    expect(only(number(), ofEveryType)).toEqual([0]);
    expect(only(number(), numbers)).toEqual([-1, -0, 0, 5e-324, 1.5, Number.MAX_VALUE]);
    expect(only(number(0), numbers)).toEqual([-0, 0, 5e-324, 1.5, Number.MAX_VALUE]);
    expect(only(positive, numbers)).toEqual([5e-324, 1.5, Number.MAX_VALUE]);
    for (const value of ['1', Object(1), [1], new Date(1), true, 1n]) expect(number()(value)).toBe(false);
  });

  it('of a list takes arrays alone, whose members all pass, and no more of them than it says', () => {
    expect(only(listOf(text()), ofEveryType)).toEqual([[]]);
    expect(only(listOf(text(), 2), [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 1], [['a']]])).toEqual([
      ['a'],
      ['a', 'b'],
    ]);
    expect(listOf(text())({ length: 1, 0: 'a' })).toBe(false);
    expect(listOf(text())(new Set(['a']))).toBe(false);
  });

  it('of a list takes no holes, and looks into no list that is too long', () => {
    const holes: unknown[] = ['a'];
    holes[2] = 'c';
    expect(listOf(text())(holes)).toBe(false);
    const looked: unknown[] = [];
    const looking: Check<unknown> = (value): value is unknown => looked.push(value) > 0;
    expect(listOf(looking, 2)(['a', 'b', 'c'])).toBe(false);
    expect(looked).toEqual([]);
  });

  it('of an optional value takes undefined too, and no null', () => {
    expect(only(optional(text()), ofEveryType)).toEqual([undefined, '', 'a']);
  });
});

describe('a shape', () => {
  const read = shapeOf<{ name: string; age: number | undefined }>({ name: text(1), age: optional(positive) });

  it.each([undefined, null, true, 1, 'name', [], ['ann'], () => ({ name: 'ann' }), {}, { age: 1 }])(
    'is not that of %s',
    (value) => {
      expect(read(value)).toBeUndefined();
    },
  );

  it.each([
    ['another type', { name: 1 }],
    ['an object that is a text', { name: Object('ann') }],
    ['too short', { name: '' }],
    ['an optional field of another type', { name: 'ann', age: '1' }],
    ['an optional field that is null', { name: 'ann', age: null }],
    ['no number', { name: 'ann', age: NaN }],
    ['a field below __proto__', JSON.parse('{"__proto__":{"name":"ann"}}')],
  ])('is not that of a field with %s', (_, value) => {
    expect(read(value)).toBeUndefined();
  });

  it('returns its own fields alone, in an object of its own', () => {
    const given: unknown = JSON.parse('{"name":"ann","admin":true,"__proto__":{"age":7},"constructor":1}');
    const found = read(given);
    expect(found).toEqual({ name: 'ann' });
    expect(found).not.toBe(given);
    expect(Object.keys(found!)).toEqual(['name']);
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });

  it('leaves a missing field missing', () => {
    expect('age' in read({ name: 'ann', age: undefined })!).toBe(false);
    expect(read({ name: 'ann', age: 7 })).toEqual({ name: 'ann', age: 7 });
  });

  it('returns the value that it has checked, also of a getter that changes it', () => {
    const values = ['ann', ''];
    const changing = {
      get name() {
        return values.shift();
      },
    };
    expect(read(changing)).toEqual({ name: 'ann' });
    expect(values).toEqual(['']);
  });
});
