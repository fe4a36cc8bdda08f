import { describe, expect, it } from 'vitest';
import { verdictOn, zoo } from './index.ts';

describe('a strategy with one fault', () => {
  it.each(zoo)('$fault: caught by $breaks', async (specimen) => {
    expect(await verdictOn(specimen)).toBe('fail');
  });

  it('there are enough of them, no two for the same reason', () => {
    expect(zoo.length).toBeGreaterThanOrEqual(25);
    expect(new Set(zoo.map(({ fault }) => fault)).size).toBe(zoo.length);
  });
});
