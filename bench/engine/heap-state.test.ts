import { describe, expect, it } from 'vitest';
import type { RunningEntry } from './group.ts';
import { otherHeaps } from './heap-state.ts';
import type { Taken } from './time-slices.ts';

/** Processes, each by its scavenges, the MiB of its young generation, and the MB that it allocated: 100 unless told otherwise. */
const processes = (
  ...seen: [scavenges: number, youngGeneration: number, allocated?: number][]
): Map<RunningEntry, Taken> =>
  new Map(
    seen.map(([scavenges, youngGeneration, allocated = 100], index) => [
      { entry: { strategy: `${index}` } } as RunningEntry,
      { garbage: { ms: 1, scavenges, allocated, youngGeneration } } as Taken,
    ]),
  );

const othersOf = (taken: ReadonlyMap<RunningEntry, Taken>): Record<string, string> =>
  Object.fromEntries([...otherHeaps(taken)].map(([running, text]) => [running.entry.strategy, text]));

describe('a process whose heap is in another state', () => {
  it('is none among processes that are alike', () => {
    expect(othersOf(processes([7, 32], [8, 32], [9, 32], [7, 32]))).toEqual({});
  });

  it('has another young generation than most, and says which', () => {
    expect(othersOf(processes([8, 32], [8, 4], [8, 32], [8, 32]))).toEqual({
      1: 'its young generation was in another state: 4 MiB and 0.08 scavenges per MB, where most had 32 MiB and 0.08',
    });
  });

  it('scavenges far more or far less often for what it allocates', () => {
    expect(Object.keys(othersOf(processes([8, 32], [13, 32], [8, 32], [5, 32], [11, 32], [6, 32])))).toEqual([
      '1',
      '3',
    ]);
  });

  it('is not told by the scavenges where one more or less makes the difference', () => {
    expect(othersOf(processes([8, 32], [8, 32], [8, 32], [1, 32, 30]))).toEqual({});
  });

  it('is not to be told by two, or by those that collected nothing', () => {
    expect(othersOf(processes([8, 32], [80, 4]))).toEqual({});
    expect(othersOf(processes([8, 32], [80, 4], [0, 0]))).toEqual({});
    expect(othersOf(processes([8, 32], [8, 32], [8, 32], [0, 0]))).toEqual({});
  });
});
