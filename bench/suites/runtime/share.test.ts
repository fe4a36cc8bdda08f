import { describe, expect, it } from 'vitest';
import { exactShare } from './share.ts';

describe('the exact interval of a share, against known answers', () => {
  // R: binom.test(4, 12)$conf.int -> 0.09924609 0.65112449; binom.test(1, 40)$conf.int -> 0.0006327334 0.1315856
  it.each([
    [4, 12, 0.0992461, 0.6511245],
    [1, 40, 0.0006327, 0.1315856],
  ])('%i of %i', (seen, all, low, high) => {
    const share = exactShare(seen, all);
    expect(share.estimate).toBeCloseTo(seen / all, 10);
    expect(share.low).toBeCloseTo(low, 6);
    expect(share.high).toBeCloseTo(high, 6);
  });

  it('has a bound where none or all were seen: 1 - 0.025^(1/n)', () => {
    expect(exactShare(0, 12)).toMatchObject({ estimate: 0, low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 12), 8) });
    expect(exactShare(12, 12)).toMatchObject({ estimate: 1, low: expect.closeTo(0.025 ** (1 / 12), 8), high: 1 });
  });

  it('has no bounds without processes', () => {
    expect(exactShare(0, 0)).toEqual({ estimate: NaN, low: NaN, high: NaN });
  });
});
