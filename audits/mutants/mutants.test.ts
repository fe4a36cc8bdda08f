import { describe, expect, it } from 'vitest';
import { killedBy, mutants } from '../engine/kill-score.ts';

describe('a strategy with one fault', () => {
  it.each(mutants)('$fault: caught by $breaks', async (mutant) => {
    expect(await killedBy(mutant)).toBe('fail');
  });

  it('there are enough of them, no two for the same reason', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(25);
    expect(new Set(mutants.map(({ fault }) => fault)).size).toBe(mutants.length);
  });
});
