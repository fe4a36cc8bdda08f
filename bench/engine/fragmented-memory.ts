import { readFileSync } from 'node:fs';
import { startMemoryHolder } from '../../harness/processes/memory-holder.ts';

/** For each zone of memory, Linux lists here how many free blocks of one page, two pages, four pages and so on it has. */
const FREE_BLOCKS = '/proc/buddyinfo';
/** In bytes; where pages are larger, less is held. */
const PAGE = 4096;
/** Block sizes below 2 MiB. */
const SIZES = 9;
/** The largest share of the available memory that is held. */
const SHARE = 0.25;

/**
 * Takes the fragmented free memory, and holds it in another process while `use` runs. Linux gives that memory away first, and
 * each access to it takes longer: of equal servers, those that start first cost more CPU. Holds nothing where the system does
 * not list its free blocks. `bytes` is for tests.
 */
export async function withoutFragmentedMemory<T>(use: () => Promise<T>, bytes = amount()): Promise<T> {
  if (bytes === 0) return use();
  // A small container may refuse the process, or that much memory. The run then has more noise, but is no less right.
  const holder = await startMemoryHolder().catch(() => undefined);
  try {
    await holder?.call.hold(bytes).catch(() => {});
    return await use();
  } finally {
    await holder?.stop();
  }
}

const amount = (): number => Math.min(fragmentedBytes(freeBlocks()), SHARE * process.availableMemory());

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
