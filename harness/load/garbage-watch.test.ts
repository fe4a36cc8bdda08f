import { describe, expect, it } from 'vitest';
import { bothOf, garbageBetween, GarbageWatch, noGarbage } from './garbage-watch.ts';

/** Allocates so many MB of small objects, in short-lived turns; answers what is left of them. */
function allocate(megabytes: number): unknown {
  let last: unknown;
  // 16 numbers of 8 bytes, and a header.
  for (let made = 0; made < megabytes * 1e6; made += 16 * 8 + 32) last = Array.from({ length: 16 }, () => made + 0.5);
  return last;
}

describe('what is collected', () => {
  it('is told with what was allocated, while it is watched', () => {
    const watch = new GarbageWatch();
    watch.watch(true);
    allocate(40);
    watch.watch(false);
    const { ms, scavenges, allocated, youngGeneration } = watch.seen;
    expect(allocated).toBeGreaterThan(20);
    expect(allocated).toBeLessThan(400);
    expect(scavenges).toBeGreaterThan(0);
    expect(ms).toBeGreaterThan(0);
    expect(youngGeneration).toBeGreaterThan(0);
    expect(garbageBetween(watch.seen, watch.seen)).toEqual(noGarbage);
  });

  it('is not told while it is not watched', () => {
    const watch = new GarbageWatch();
    allocate(20);
    watch.watch(false);
    expect(watch.seen).toEqual(noGarbage);
  });

  it('of two stretches is added up, with the young generation as it was last seen', () => {
    const first = { ms: 1, scavenges: 2, allocated: 30, youngGeneration: 4 };
    const then = { ms: 2, scavenges: 1, allocated: 10, youngGeneration: 32 };
    expect(bothOf(first, then)).toEqual({ ms: 3, scavenges: 3, allocated: 40, youngGeneration: 32 });
    expect(bothOf(first, noGarbage)).toEqual(first);
  });
});
