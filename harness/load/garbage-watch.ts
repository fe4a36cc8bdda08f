import { GCProfiler, getHeapStatistics } from 'node:v8';

/** What a process allocated and collected while it was watched. */
export interface Garbage {
  /** Time spent collecting, in ms. */
  readonly ms: number;
  readonly scavenges: number;
  /** MB */
  readonly allocated: number;
  /** MiB of both halves of the young generation, at the last collection; 0 where there was none. */
  readonly youngGeneration: number;
}

export const noGarbage: Garbage = { ms: 0, scavenges: 0, allocated: 0, youngGeneration: 0 };

/** That of two stretches, one after the other. */
export const bothOf = (first: Garbage, then: Garbage): Garbage => ({
  ms: first.ms + then.ms,
  scavenges: first.scavenges + then.scavenges,
  allocated: first.allocated + then.allocated,
  youngGeneration: then.youngGeneration || first.youngGeneration,
});

/** What came between two readings of one watch. Where nothing was collected, nobody saw a young generation. */
export const garbageBetween = (before: Garbage, after: Garbage): Garbage => ({
  ms: after.ms - before.ms,
  scavenges: after.scavenges - before.scavenges,
  allocated: after.allocated - before.allocated,
  youngGeneration: after.ms > before.ms ? after.youngGeneration : 0,
});

/** What is allocated and collected over the stretches in which it is watched. */
export class GarbageWatch {
  #stretch: { readonly profiler: GCProfiler; readonly used: number } | undefined;
  #seen = noGarbage;

  watch(on: boolean): void {
    if (this.#stretch !== undefined) {
      const { profiler, used } = this.#stretch;
      this.#seen = add(this.#seen, profiler.stop().statistics, used, usedNow());
      this.#stretch = undefined;
    }
    if (!on) return;
    const profiler = new GCProfiler();
    profiler.start();
    this.#stretch = { profiler, used: usedNow() };
  }

  /** Since the process began; two of these make a difference. */
  get seen(): Garbage {
    return this.#seen;
  }
}

/** Bytes of the heap. */
const usedNow = (): number => getHeapStatistics().used_heap_size;

type Collection = NonNullable<ReturnType<GCProfiler['stop']>>['statistics'][number];

function add(seen: Garbage, collections: readonly Collection[], usedBefore: number, usedAfter: number): Garbage {
  let { ms, scavenges, allocated, youngGeneration } = seen;
  let used = usedBefore;
  for (const { gcType, cost, beforeGC, afterGC } of collections) {
    ms += cost / 1000;
    if (gcType === 'Scavenge') scavenges += 1;
    allocated += (beforeGC.heapStatistics.usedHeapSize - used) / 1e6;
    used = afterGC.heapStatistics.usedHeapSize;
    const young = afterGC.heapSpaceStatistics.find(({ spaceName }) => spaceName === 'new_space');
    if (young !== undefined) youngGeneration = young.spaceSize / 2 ** 20;
  }
  return { ms, scavenges, allocated: allocated + (usedAfter - used) / 1e6, youngGeneration };
}
