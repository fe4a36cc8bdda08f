import { expect as matcher } from 'expect';
import { describe, expect, it } from 'vitest';
import { BrokenPromise } from '../broken-promise.ts';
import { messageOf, outcomeOf } from './outcome.ts';

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('what an audit throws', () => {
  it('is a finding if an expectation failed, and else no answer', () => {
    expect(outcomeOf(new BrokenPromise('a refusal', 'was admitted'))).toBe('fail');
    expect(outcomeOf(thrownBy(() => matcher(1).toBe(2)))).toBe('fail');
    expect(outcomeOf(new Error('Channel closed'))).toBe('unknown');
    expect(outcomeOf('gone')).toBe('unknown');
  });

  it.each([
    [() => matcher(5).toBe(0), 'expected 0, received 5'],
    [() => matcher(undefined).toBeDefined(), 'expected a value, received undefined'],
    [() => matcher('banned').toBeUndefined(), 'expected no value, received "banned"'],
    [() => matcher('abc').not.toContain('b'), 'expected substring not "b", received string "abc"'],
    [() => matcher([1]).toHaveLength(0), 'expected length 0, received length 1, received array [1]'],
    [() => matcher(5).toBeLessThan(3), 'expected < 3, received 5'],
  ])('is told in one line of words: %#', (run, words) => {
    expect(messageOf(thrownBy(run))).toBe(words);
  });

  it('keeps a difference of several lines, without the call of the matcher', () => {
    const message = messageOf(thrownBy(() => matcher({ a: 1 }).toMatchObject({ b: 1 })));
    expect(message).toMatch(/^expected and received values differ:\n- Expected/);
    expect(message).not.toContain('expect(');
  });

  it('holds no credential', () => {
    const message = messageOf(new BrokenPromise('a refusal', 'the answer was {"token":"abc"}'), (text) =>
      text.replaceAll('refusal', '***'),
    );
    expect(message).toBe('expected a ***, the answer was {"token":"<secret>"}');
  });
});
