import { expect, it } from 'vitest';
import { Spin } from './spin.ts';

it('takes what a spin took too long from the next ones, so that the mean is exact', () => {
  let now = 0;
  let readings = 0;
  // 1 us a reading, and once the machine is elsewhere for 50 us in the middle of a spin.
  const spin = new Spin(20, () => BigInt(1000 * (now += ++readings === 10 ? 50 : 1)));
  const spent = Array.from({ length: 10 }, () => {
    const before = now;
    spin.spend();
    return now - before;
  });
  const [late, skipped, ...after] = spent as [number, number, ...number[]];
  const exact = after.at(-1)!;
  expect(late).toBeGreaterThan(50);
  expect(skipped).toBeLessThan(exact);
  expect(spent.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(spent.length * exact + 2);
});
