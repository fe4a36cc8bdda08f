import type * as fc from 'fast-check';

/** `npm run soak` asks for this many times as much. */
const factor = Number(process.env['SOAK'] ?? 1);
const seed = process.env['SEED'];

/** So many cases, the same for the same seed; a failure prints its seed and path. */
export const cases = (count: number): fc.Parameters<unknown> => ({
  numRuns: count * factor,
  seed: seed === undefined ? 20_26 : Number(seed),
});

/** How long they may take, in ms. */
export const patience = 30_000 * factor;
