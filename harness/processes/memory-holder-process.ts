import { writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Handlers, serve } from './rpc.ts';

/** Small enough that the kernel gives pages one by one, and not a huge page of 2 MiB. */
const PIECE = 1024 ** 2;
/** Pieces in one turn of the event loop. */
const TURN = 64;

const held: Buffer[] = [];

const handlers = {
  /** Takes so many bytes, rounded down to MiB, until this process ends. Returns its resident memory, in bytes. */
  async hold(bytes: number): Promise<number> {
    for (let left = bytes; left >= PIECE; left -= PIECE) {
      // The kernel gives a page only once it is written to.
      held.push(Buffer.alloc(PIECE, 1));
      // If the parent ends meanwhile, this process hears of it, and ends too.
      if (held.length % TURN === 0) await nextTurn();
    }
    return process.memoryUsage.rss();
  },
} satisfies Handlers;

export type MemoryHolderHandlers = typeof handlers;

try {
  // Linux then ends this process before any other if memory runs out.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Other systems have no such file.
}
serve(handlers);
