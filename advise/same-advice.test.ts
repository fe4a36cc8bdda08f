import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Cell, readRun, type Run } from '../bench/model/run-file.ts';
import { seeded } from '../harness/app/random.ts';
import { publishedAudit, publishedNodes, publishedRun } from '../publish/published.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { type Advice, advise, keyOf } from './advise.ts';
import type { Demand } from './demand.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const minute = 60_000;
const usual: Demand = {
  messagesPerSecond: 1000,
  connections: 10_000,
  revocationWithin: 5000,
  tokenTtl: 15 * minute,
  nodes: 1,
  sharedStore: true,
  silentListeners: true,
};

/** Ten situations; what is not said is as in `usual`. */
const situations: readonly (readonly [words: string, changed: Partial<Demand>])[] = [
  ['tokens of 15 minutes', {}],
  ['tokens of 30 seconds', { tokenTtl: minute / 2 }],
  ['a ban within 50 ms', { revocationWithin: 50 }],
  ['20,000 messages per second', { messagesPerSecond: 20_000 }],
  ['a million connections that rarely talk', { connections: 1_000_000, messagesPerSecond: 100 }],
  ['few connections', { connections: 50, messagesPerSecond: 5 }],
  ['every client talks', { silentListeners: false }],
  ['no shared store', { sharedStore: false }],
  ['no shared store, and a ban within 20 minutes', { sharedStore: false, revocationWithin: 20 * minute }],
  ['no shared store, every client talks, a ban within a day', { sharedStore: false, silentListeners: false, revocationWithin: 1440 * minute }],
]; // prettier-ignore
const nodeCounts = [1, 2, 3, 4, 5, 6, 7, 8];

const candidates = (await loadStrategies()).filter(({ role }) => role === 'strategy');
const [audit, nodes] = [publishedAudit(root), publishedNodes(root)];
const full = publishedRun(root);
// Two runs of `quick`, stripped to what advice reads. In the second, CPU figures and what happens at expiry were measured
// one after the other, on one machine.
const quick = ['quick-1', 'quick-2'].map((name) => readRun(`${root}advise/fixtures/${name}.json`));

const adviceOf = (run: Run, changed: Partial<Demand>): Advice =>
  advise({ ...usual, ...changed }, run, audit, candidates, nodes);
const ranksOf = ({ tiers, failing }: Advice) => ({
  ranks: tiers.map(({ options }) => options.map(keyOf)),
  failing: failing.map((option) => [keyOf(option), option.reasons]),
});

describe.each(situations)('%s', (_, changed) => {
  it.each(nodeCounts)('on %i nodes: two quick runs and the published one give the same advice', (count) => {
    const published = ranksOf(adviceOf(full, { ...changed, nodes: count }));
    for (const run of quick) expect(ranksOf(adviceOf(run, { ...changed, nodes: count }))).toEqual(published);
  });
});

describe('the published run', () => {
  it.each<[string, Partial<Demand>, string[]]>([
    ['tokens of 15 minutes on three nodes', { nodes: 3 }, ['connection-lease hardened']],
    ['every client talks, on one node', { silentListeners: false }, ['connection-lease hardened', 'session hardened']],
    ['no shared store on three nodes', { nodes: 3, sharedStore: false }, []],
  ])('%s', (_, changed, picks) => {
    expect(ranksOf(adviceOf(full, changed)).ranks[0] ?? []).toEqual(picks);
  });

  it('gives the same ranks wherever its CPU figures lie within their intervals', () => {
    const random = seeded(18);
    for (let round = 0; round < 20; round++) {
      const other = { ...full, cells: full.cells.map((cell) => perturbed(cell, random)) };
      for (const [, changed] of situations)
        for (const count of [1, 3])
          expect(ranksOf(adviceOf(other, { ...changed, nodes: count }))).toEqual(
            ranksOf(adviceOf(full, { ...changed, nodes: count })),
          );
    }
  });
});

/** A CPU cell of a strategy as another run of the same code may have found it. */
function perturbed(cell: Cell, random: () => number): Cell {
  const { role, metric, ratio, ciLow, ciHigh } = cell;
  if (role !== 'strategy' || !metric.startsWith('server-cpu')) return cell;
  const within = (low: number | null, high: number | null, value: number) =>
    low === null || high === null ? value : low + (high - low) * random();
  return {
    ...cell,
    median: within(ciLow, ciHigh, cell.median),
    ratio: ratio && { ...ratio, estimate: within(ratio.ciLow, ratio.ciHigh, ratio.estimate) },
  };
}
