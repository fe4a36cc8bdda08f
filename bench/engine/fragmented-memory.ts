import { readFileSync } from 'node:fs';
import { startMemoryHolder } from '../../harness/processes/memory-holder.ts';

/** For each zone of memory, Linux lists here how many free blocks of 4 KiB, 8 KiB, 16 KiB and so on it has. */
const FREE_BLOCKS = '/proc/buddyinfo';
/** In bytes. */
const SMALLEST = 4096;
/** Block sizes below 2 MiB. */
const SIZES = 9;
/** The largest share of the available memory that is held. */
const SHARE = 0.25;

/**
 * Runs `use` while another process holds the fragmented free memory. Linux gives that memory away first, and a process in it
 * waits longer for its memory: of equal servers, those that start first cost more CPU. Holds nothing where the system does not
 * list its free blocks.
 */
export async function withoutFragmentedMemory<T>(use: () => Promise<T>): Promise<T> {
  const holder = await startMemoryHolder();
  try {
    await holder.call.hold(Math.min(fragmentedBytes(freeBlocks()), SHARE * process.availableMemory()));
    return await use();
  } finally {
    await holder.stop();
  }
}

/** The bytes of free memory in blocks below 2 MiB. `list` is a text as in `/proc/buddyinfo`. */
export function fragmentedBytes(list: string): number {
  const zones = [...list.matchAll(/zone +\S+([ \d]+)/g)].map(([, counts]) => counts!.trim().split(/ +/));
  const bytesOf = (counts: readonly string[]) =>
    counts.slice(0, SIZES).reduce((sum, count, order) => sum + Number(count) * SMALLEST * 2 ** order, 0);
  return zones.reduce((sum, counts) => sum + bytesOf(counts), 0);
}

function freeBlocks(): string {
  try {
    return readFileSync(FREE_BLOCKS, 'utf8');
  } catch {
    return '';
  }
}
