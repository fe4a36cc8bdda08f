import { describe, expect, it } from 'vitest';
import type { startMemoryHolder } from '../../harness/processes/memory-holder.ts';
import { fragmentedBytes, type withoutFragmentedMemory } from './fragmented-memory.ts';

interface Compiled {
  readonly withoutFragmentedMemory: typeof withoutFragmentedMemory;
  readonly startMemoryHolder: typeof startMemoryHolder;
}
/** Processes are forked from the compiled code. */
const compiled = async (module: string): Promise<Compiled> =>
  import(new URL(`../../dist/${module}.js`, import.meta.url).href);

const list = `Node 0, zone      DMA      0      1      0      0      0      0      0      0      0      1      3
Node 0, zone   Normal   7169      0      0      0      0      0      0      0      2      5    367
`;

describe('fragmented memory', () => {
  it('is what is free in blocks below 2 MiB, of every zone', () => {
    expect(fragmentedBytes(list)).toBe(8192 + 7169 * 4096 + 2 * 1024 ** 2);
  });

  it('is none where the system lists no free blocks', () => {
    expect(fragmentedBytes('')).toBe(0);
  });

  it('is held while something runs, and what it returns is returned', async () => {
    const { withoutFragmentedMemory: held } = await compiled('bench/engine/fragmented-memory');
    expect(await held(async () => 'done')).toBe('done');
    await expect(held(async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });
});

it('a holder takes the memory that it is told to, page by page', async () => {
  const { startMemoryHolder: start } = await compiled('harness/processes/memory-holder');
  const holder = await start();
  try {
    const before = await holder.call.hold(0);
    expect(await holder.call.hold(64 * 1024 ** 2)).toBeGreaterThan(before + 60 * 1024 ** 2);
  } finally {
    await holder.stop();
  }
});
