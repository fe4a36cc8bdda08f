/** Who points to whom, by name. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * A shortest cycle through each node that is on one, each cycle once: `['a', 'b']` where a points to b and b to a.
 * Of cycles that share a node, it returns one at least: when that is gone, the next is found.
 */
export function cyclesIn(graph: Graph): string[][] {
  const cycles = new Map<string, string[]>();
  for (const start of [...graph.keys()].toSorted()) {
    const cycle = cycleThrough(start, graph);
    const name = cycle?.toSorted().join('\0');
    if (cycle !== undefined && !cycles.has(name!)) cycles.set(name!, cycle);
  }
  const shown = new Set<string>();
  return [...cycles.values()].filter((cycle) => {
    const isNew = cycle.every((node) => !shown.has(node));
    for (const node of cycle) shown.add(node);
    return isNew;
  });
}

/** The way is searched in breadth, so that the first one found is a shortest. */
function cycleThrough(start: string, graph: Graph): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (const node of waiting) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      waiting.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!);
  return way;
}
