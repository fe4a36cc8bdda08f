import { describe, expect, it } from 'vitest';
import { count, durationMs } from '../scripts/quantities.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('%s is %d ms', (text, ms) => expect(durationMs('--token-ttl', text)).toBe(ms));

  it.each(['', '5', '0s', '-5s', '5 s', '5min', 's', '1e3ms'])('%j is refused with an example', (text) => {
    expect(() => durationMs('--token-ttl', text)).toThrow(
      `--token-ttl takes a time above 0 with its unit, such as 500ms, 30s, 15m or 2h; got '${text}'`,
    );
  });

  it('may be 0 where an option allows that', () => {
    expect(durationMs('--wait', '0', { orZero: true })).toBe(0);
    expect(() => durationMs('--wait', '60', { orZero: true })).toThrow('--wait takes a time with its unit');
  });
});

describe('a count', () => {
  it.each([
    ['500', 500],
    ['0.5', 0.5],
    ['10k', 10_000],
    ['1.1k', 1100],
    ['1.5M', 1_500_000],
    ['1e9', 1e9],
  ])('%s is %d', (text, value) => expect(count('--connections', text)).toBe(value));

  it.each(['', ' ', '-1', '0', 'many', '10m', '1e999', 'NaN', 'Infinity', '10kk'])('%j is refused', (text) => {
    expect(() => count('--connections', text)).toThrow(
      `--connections takes a number above 0, such as 500, 10k or 1.5M; got '${text}'`,
    );
  });

  it('may be limited to whole numbers, to a largest one, and may allow 0', () => {
    expect(count('--seed', '0', { orZero: true, whole: true })).toBe(0);
    expect(count('--nodes', '1.1k', { whole: true })).toBe(1100);
    expect(() => count('--nodes', '1.5', { whole: true })).toThrow('a whole number above 0');
    expect(() => count('--connections', '2M', { most: 1_000_000 })).toThrow('at most 1,000,000');
  });
});
