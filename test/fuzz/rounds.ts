import type * as fc from 'fast-check';

const soak = process.env['SOAK'];
/** `npm run soak` asks for this many times as much. */
const factor = Number(soak ?? 1);

/** What is drawn is drawn from it. */
export const seed = Number(process.env['SEED'] ?? 20_26);

/** So many cases, the same for the same seed; a failure prints its seed and path. */
export const cases = (count: number): fc.Parameters<unknown> => ({ numRuns: count * factor, seed });

/** Of what takes long: `usual` rounds, and `soaked` in `npm run soak`. */
export const roundsOf = (usual: number, soaked: number): number => (soak === undefined ? usual : soaked);

/** How long they may take, in ms. */
export const patience = 30_000 * factor;
