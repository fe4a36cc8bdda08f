import type { MemoryHolderHandlers } from './memory-holder-process.ts';
import { Child } from './rpc.ts';

/** A process that takes memory, and gives it back when it stops. */
export const startMemoryHolder = (): Promise<Child<MemoryHolderHandlers>> =>
  Child.start<MemoryHolderHandlers>('./memory-holder-process.js', import.meta.url);
