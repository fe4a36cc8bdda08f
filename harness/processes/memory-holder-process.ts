import { type Handlers, serve } from './rpc.ts';

/** Small enough that the kernel gives pages one by one, and not a huge page of 2 MiB. */
const PIECE = 1024 ** 2;

const held: Buffer[] = [];

const handlers = {
  /** Takes so many bytes, rounded down to MiB, until this process ends. Returns its resident memory, in bytes. */
  hold(bytes: number): number {
    // The kernel gives a page only once it is written to.
    for (let left = bytes; left >= PIECE; left -= PIECE) held.push(Buffer.alloc(PIECE, 1));
    return process.memoryUsage.rss();
  },
} satisfies Handlers;

export type MemoryHolderHandlers = typeof handlers;

serve(handlers);
