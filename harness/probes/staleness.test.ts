import { describe, expect, it } from 'vitest';
import { stalenessOf } from './staleness.ts';

const [SINCE, UNTIL] = [10_000, 12_000];

describe('stalenessOf', () => {
  it('counts until the last time that it worked, where an end was seen', () => {
    expect(stalenessOf({ worked: [9_980, 10_040], ended: true }, SINCE, UNTIL)).toEqual({ ms: 40, censored: false });
  });

  it('is 0 where the last time was before the moment', () => {
    expect(stalenessOf({ worked: [9_980], ended: true }, SINCE, UNTIL)).toEqual({ ms: 0, censored: false });
  });

  it('is censored where no end was seen, however long ago it last worked', () => {
    const censored = { ms: 2000, censored: true };
    expect(stalenessOf({ worked: [9_980, 11_900], ended: false }, SINCE, UNTIL)).toEqual(censored);
    expect(stalenessOf({ worked: [9_980, 10_100], ended: false }, SINCE, UNTIL)).toEqual(censored);
  });

  it('is 0 where a slow server had ended the use before it answered that it has', () => {
    const asked = SINCE - 900;
    expect(stalenessOf({ worked: [9_080, 9_200], ended: true }, SINCE, UNTIL, asked)).toEqual({
      ms: 0,
      censored: false,
    });
    expect(stalenessOf({ worked: [8_500], ended: true }, SINCE, UNTIL, asked).void).toBeDefined();
  });

  it.each([
    ['that never worked', []],
    ['that had stopped long before', [9_000, 9_400]],
    ['that worked only afterwards', [10_020]],
  ])('tells nothing of what %s', (_, worked) => {
    expect(stalenessOf({ worked, ended: true }, SINCE, UNTIL).void).toBe('nothing worked in the 500 ms before');
  });
});
