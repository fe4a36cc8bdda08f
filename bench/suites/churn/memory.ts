import { alone, type RunningEntry } from '../../engine/group.ts';
import { fitLine } from '../../stats/statistics.ts';
import type { Entry, EntryKey } from '../../model/entry.ts';
import type { Block, Sample } from '../../model/sample.ts';
import { entryBlocks, type Stage, type Suite } from '../suite.ts';
import type { MemorySettings } from './settings.ts';

/** With fewer connections, resident memory tells of the pages that the heap had to spare, and not of connections. */
export const ENOUGH_FOR_PAGES = 2500;

export const isBaselineOrStrategy = ({ role }: Pick<EntryKey, 'role'>): boolean =>
  role === 'baseline' || role === 'strategy';
const mostOf = ({ idle }: MemorySettings): number => idle.at(-1)!;
const readsResident = (own: MemorySettings): boolean => mostOf(own) >= ENOUGH_FOR_PAGES;

/**
 * Memory of few connections, on servers that have been measured. On servers as they started, the same figure was 18% above that
 * of 10,000 connections, since V8 was still compiling; on these it is within 3% of it.
 */
export function memoryStages(own: MemorySettings): Stage[] {
  if (readsResident(own)) return [];
  return [
    {
      repetitions: own.idleRepetitions,
      expected: 0.5 + mostOf(own) / 600,
      prepare: async (running) => {
        if (isBaselineOrStrategy(running.entry)) await signSittersIn(running, own);
      },
      async measure(group, runningEntries) {
        const samples = new Map<RunningEntry, Sample[]>();
        await group.each(
          runningEntries.filter(({ entry }) => isBaselineOrStrategy(entry)),
          async (running) => void samples.set(running, await memoryOf(running, own)),
        );
        return samples;
      },
    },
  ];
}

/** Memory of many connections, each entry alone. The processes are not pinned: with all cores, they take less time. */
export function memoryBlocks(
  suite: Pick<Suite, 'id' | 'takes'>,
  entries: readonly Entry[],
  own: MemorySettings,
): Block[] {
  if (!readsResident(own)) return [];
  const measured = entries.filter(isBaselineOrStrategy);
  return entryBlocks(suite, 'memory', measured, own.idleRepetitions, { expected: 2 + mostOf(own) / 450 }, (entry) =>
    alone(entry, {}, async (running) => {
      await signSittersIn(running, own);
      return memoryOf(running, own);
    }),
  );
}

/**
 * The clients of earlier stages leave, so that their memory is free before the first reading. Sign-ins come before it, too: a
 * stored session must not be taken for a part of its connection.
 */
async function signSittersIn({ server, generator }: RunningEntry, own: MemorySettings): Promise<void> {
  await generator.call.leave(server.url);
  await generator.call.signIn(server.url, await server.call.addUsers('sitter', mostOf(own)));
}

async function memoryOf({ server, generator }: RunningEntry, own: MemorySettings): Promise<Sample[]> {
  const seen: { count: number; rss: number; heap: number }[] = [];
  for (const count of own.idle) {
    await generator.call.connect(server.url, count);
    seen.push({ count, ...(await server.call.memory()) });
  }
  const slopeOf = (kind: 'rss' | 'heap') => fitLine(seen.map((point) => [point.count, point[kind]])).slope;
  const kinds = readsResident(own) ? (['rss', 'heap'] as const) : (['heap'] as const);
  return kinds.map((kind) => ({
    metric: `${kind}-per-connection` as const,
    value: slopeOf(kind),
    params: { connections: mostOf(own) },
  }));
}
