import { describe, expect, it, onTestFinished } from 'vitest';
import type { startMemoryHolder } from '../../harness/processes/memory-holder.ts';
import { fragmentedBytes, type withoutFragmentedMemory } from './fragmented-memory.ts';

/** A module whose processes are forked from the compiled code. */
const compiled = async <T>(module: string): Promise<T> =>
  (await import(new URL(`../../dist/${module}.js`, import.meta.url).href)) as T;
const fragmentedMemory = () =>
  compiled<{ withoutFragmentedMemory: typeof withoutFragmentedMemory }>('bench/engine/fragmented-memory');
const memoryHolder = () => compiled<{ startMemoryHolder: typeof startMemoryHolder }>('harness/processes/memory-holder');

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

  it.each([
    ['it is held', 1024 ** 2],
    ['there is none', 0],
  ])('does not change what is returned or thrown where %s', async (_, bytes) => {
    const module = await fragmentedMemory();
    const use = async (hold: () => Promise<number>) => ((await hold()) >= bytes ? 'done' : 'not held');
    expect(await module.withoutFragmentedMemory(use, () => bytes)).toBe('done');
    const failed = module.withoutFragmentedMemory(async () => Promise.reject(new Error('failed')), () => bytes); // prettier-ignore
    await expect(failed).rejects.toThrow('failed');
  });

  it('is held anew at each call, apart from what the call before could not get', async () => {
    const module = await fragmentedMemory();
    // In MiB: before and after the first call, before and after the second one.
    const fragmented = [100, 40, 240, 50];
    const [first, second] = await module.withoutFragmentedMemory(
      async (hold) => [await hold(), await hold()],
      () => fragmented.shift()! * 1024 ** 2,
    );
    expect((second - first) / 1024 ** 2).toBeCloseTo(200, -1);
    expect(first / 1024 ** 2).toBeGreaterThan(100);
  });
});

it('nothing is held where no process can be started, and the work is done all the same', async () => {
  const module = await fragmentedMemory();
  const { execPath } = process;
  onTestFinished(() => void (process.execPath = execPath));
  process.execPath = '/nowhere/node';
  expect(
    await module.withoutFragmentedMemory(
      (hold) => hold(),
      () => 1024 ** 2,
    ),
  ).toBe(0);
});

it('a holder takes the memory that it is told to', async () => {
  const module = await memoryHolder();
  const holder = await module.startMemoryHolder();
  try {
    const before = await holder.call.hold(0);
    expect(await holder.call.hold(64 * 1024 ** 2)).toBeGreaterThan(before + 60 * 1024 ** 2);
  } finally {
    await holder.stop();
  }
});

it('a holder that is stopped while it takes memory ends, and takes no more', async () => {
  const module = await memoryHolder();
  const holder = await module.startMemoryHolder();
  const held = holder.call.hold(2 * 1024 ** 3);
  await Promise.all([expect(held).rejects.toThrow('The process ended (0) before it answered'), holder.stop()]);
});
