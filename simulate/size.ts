import { loadsOf, type Setting } from './model.ts';

/** How full a node and a store are planned to be, and how many connections a node is given at most. */
export const FULL = 0.5;
export const CONNECTIONS = 50_000;

/** Past so many, no number suffices. */
const MOST = 1e8;

/** Fewest nodes and stores that are no fuller than planned; undefined where no number of them is. */
export function sizeOf(setting: Omit<Setting, 'nodes' | 'stores'>): Pick<Setting, 'nodes' | 'stores'> | undefined {
  const nodes = fewest(
    Math.max(2, Math.ceil(setting.connections / CONNECTIONS)),
    (count) => loadsOf({ ...setting, nodes: count, stores: 1 }).node <= FULL,
  );
  if (nodes === undefined) return undefined;
  const stores = fewest(1, (count) => loadsOf({ ...setting, nodes, stores: count }).store <= FULL);
  return stores === undefined ? undefined : { nodes, stores };
}

/** The smallest count from `least` on that suffices, where every larger one does too. */
function fewest(least: number, suffices: (count: number) => boolean): number | undefined {
  let high = least;
  while (!suffices(high)) {
    high *= 2;
    if (high > MOST) return undefined;
  }
  let low = Math.max(least - 1, Math.floor(high / 2));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}
