import type { RunningEntry } from './group.ts';
import { median } from '../stats/statistics.ts';
import type { Taken } from './time-slices.ts';

/** A process that scavenges so many times as often for what it allocates as its peers do is in another state. */
const OTHERWISE = 1.5;
/** Scavenges that a process may have more or less than its peers by chance: slices are short, and one may just miss a scavenge. */
const BY_CHANCE = 2;

/** Scavenges per MB that was allocated; NaN where nothing was. */
export const scavengesOf = ({ garbage: { scavenges, allocated } }: Taken): number => scavenges / allocated;

/**
 * The processes whose young generation is in another state than that of most in their group, and in which: what they
 * cost tells of V8, and not of the entry.
 */
export function otherHeaps(taken: ReadonlyMap<RunningEntry, Taken>): Map<RunningEntry, string> {
  const told = [...taken].filter(([, one]) => one.garbage.scavenges > 0);
  if (told.length < 3) return new Map();
  const size = median(told.map(([, one]) => one.garbage.youngGeneration));
  const often = median(told.map(([, one]) => scavengesOf(one)));
  return new Map(
    told.flatMap(([running, one]): [RunningEntry, string][] => {
      const { youngGeneration, scavenges, allocated } = one.garbage;
      const own = scavengesOf(one);
      const isUsual = own < OTHERWISE * often && own > often / OTHERWISE;
      const isChance = Math.abs(scavenges - often * allocated) <= BY_CHANCE;
      if (youngGeneration === size && (isUsual || isChance)) return [];
      return [[running, stateText(youngGeneration, own, size, often)]];
    }),
  );
}

const stateText = (size: number, often: number, usualSize: number, usual: number): string =>
  `its young generation was in another state: ${size} MiB and ${often.toFixed(2)} scavenges per MB, where most had ${usualSize} MiB and ${usual.toFixed(2)}`;
