import { readFileSync } from 'node:fs';
import { startMemoryHolder } from '../../harness/processes/memory-holder.ts';

/** For each zone of memory, Linux lists here how many free blocks of one page, two pages, four pages and so on it has. */
const FREE_BLOCKS = '/proc/buddyinfo';
/** In bytes; where pages are larger, less is held. */
const PAGE = 4096;
/** Block sizes below 2 MiB. */
const SIZES = 9;
/** At most this share of the memory that is available at the start is held. */
const SHARE = 0.5;

/**
 * Runs `use`. Each call of `hold` lets another process take the memory that is fragmented at that moment, and returns the resident
 * memory of that process in bytes, or 0 if it took nothing. The process ends after `use`. Linux gives fragmented memory away first,
 * and in a virtual machine it may be slow: of equal servers, those that start first cost more CPU. Nothing is held where the system
 * does not list its free blocks. `fragmented`, which returns bytes, is for tests.
 */
export async function withoutFragmentedMemory<T>(
  use: (hold: () => Promise<number>) => Promise<T>,
  fragmented = fragmentedNow,
): Promise<T> {
  let started: ReturnType<typeof startMemoryHolder> | undefined;
  let left = SHARE * process.availableMemory();
  // Only the kernel can use some fragments, so they stay free.
  let remaining = 0;
  const hold = async (): Promise<number> => {
    const now = fragmented();
    remaining = Math.min(remaining, now);
    const bytes = Math.min(now - remaining, left);
    if (bytes === 0) return 0;
    left -= bytes;
    try {
      started ??= startMemoryHolder();
      return await (await started).call.hold(bytes);
    } catch {
      // A small container may refuse the process, or that much memory. The run then has more noise, but is no less right.
      left = 0;
      process.stderr.write('\nThe process that holds fragmented memory has ended. The run goes on, with more noise.\n');
      return 0;
    } finally {
      remaining = fragmented();
    }
  };
  try {
    return await use(hold);
  } finally {
    await started?.then((holder) => holder.stop()).catch(() => {});
  }
}

const fragmentedNow = (): number => fragmentedBytes(freeBlocks());

/** The bytes of free memory in blocks below 2 MiB. `list` is a text as in `/proc/buddyinfo`. */
export function fragmentedBytes(list: string): number {
  const zones = [...list.matchAll(/zone +\S+([ \d]+)/g)].map(([, counts]) => counts!.trim().split(/ +/));
  const bytesOf = (counts: readonly string[]) =>
    counts.slice(0, SIZES).reduce((sum, count, order) => sum + Number(count) * PAGE * 2 ** order, 0);
  return zones.reduce((sum, counts) => sum + bytesOf(counts), 0);
}

function freeBlocks(): string {
  try {
    return readFileSync(FREE_BLOCKS, 'utf8');
  } catch {
    return '';
  }
}
