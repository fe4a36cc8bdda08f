import { amount } from '../bench/report/format.ts';
import { nodeCounts, type Row } from '../bench/report/rows.ts';
import type { Run } from '../bench/model/run-file.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { calibrated } from './costs.ts';
import { hopOf } from './held-out.ts';
import { mass, type Setting, steady, type Steady } from './model.ts';
import type { Population } from './population.ts';
import { sizeOf } from './size.ts';

/** With fewer connections to a node its peak is chance. */
const FEW = 100;

/** How a sign-out reaches the nodes. */
const designs = [
  { title: 'as built: every node is told, and sweeps every second', reach: undefined, sweep: 1 },
  { title: 'told to the one node that holds the subject; sweeps every minute', reach: 1, sweep: 60 },
] as const;

/** Two digits: the errors of what is predicted warrant no more. */
export const rough = (value: number): string =>
  Number(value.toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 20 });

/** The plan for one strategy in one design. */
export interface Plan {
  readonly row: Row;
  readonly design: string;
  /** Undefined where no number of nodes and stores suffices. */
  readonly size: (Pick<Setting, 'nodes' | 'stores'> & Steady) | undefined;
  /** The load of a store is not known where the run did not measure what a message asks of it. */
  readonly isStoreKnown: boolean;
}

/** The plans for so many connections, by strategy and design. */
export function plansOf(run: Run, population: Population): Plan[] {
  return calibrated(run).flatMap(({ row, costs }) => {
    const hop = hopOf(row, costs, run.environment.cores, nodeCounts(run).at(-1) ?? 2, population.seed);
    const isStoreKnown = costs.commands.message !== undefined || population.messages === 0;
    return designs.map(({ title: design, reach, sweep }): Plan => {
      const setting = { ...population, costs, hop, sweep, ...(reach !== undefined && { reach }) };
      const size = sizeOf(setting);
      return { row, design, isStoreKnown, size: size && { ...size, ...steady({ ...setting, ...size }) } };
    });
  });
}

/** The plans of the design that this project has. */
export const asBuilt = (plans: readonly Plan[]): Plan[] => plans.filter(({ design }) => design === designs[0].title);

/** The rows of a table of plans. */
export function planRows(plans: readonly Plan[]): readonly (readonly string[])[] {
  return plans.map(({ row, design, size, isStoreKnown }) => {
    if (size === undefined) return [row.label, design, 'no number suffices', '', '', '', '', ''];
    const { nodes, node, commands, stores, staleness } = size;
    const store = [rough(commands), rough(stores), lateText(staleness?.p50), lateText(staleness?.p99)];
    return [row.label, design, rough(nodes), rough(node * nodes), ...(isStoreKnown ? store : ['', '', '', ''])];
  });
}

const lateText = (ms: number | undefined): string => (ms === undefined ? 'no sign-outs' : `${rough(ms)} ms`);

/** A mass expiry of so many connections, on as many nodes as a day like any other takes. */
export function storms(
  run: Run,
  population: Population,
  strategies: readonly Strategy[],
): readonly (readonly string[])[] {
  return calibrated(run).flatMap(({ row, costs }) => {
    if (costs.renewal === 0) return [];
    const setting = { ...population, costs, hop: 0, reach: 1, sweep: 60 };
    const size = sizeOf(setting);
    if (size === undefined) return [];
    const { renewsAhead = [0, 0] as const } =
      strategies.find(({ id }) => id === row.strategy)?.variants[row.variant ?? 'hardened'] ?? {};
    const { peak, peakOverMean, calm } = mass({ ...setting, ...size }, renewsAhead);
    const few = population.connections / size.nodes < FEW;
    const wave =
      few || renewsAhead[0] === renewsAhead[1]
        ? [few ? 'too few for a peak' : 'at once', '', '']
        : [rough(peak), rough(peakOverMean), rough(peak * costs.commands.renewal)];
    return [[row.label, ...wave, `${rough(calm / 1000)} s`, stormOf(run, row.strategy)]];
  });
}

/** How many were signed out falsely where that storm was measured. */
function stormOf(run: Run, strategy: string): string {
  const cell = run.cells.find(
    (one) =>
      one.strategy === strategy &&
      one.metric === 'false-logouts' &&
      one.params['after'] === 'expiry' &&
      one.params['jitter'] === undefined,
  );
  if (cell === undefined) return 'not measured';
  const sockets = Number(cell.params['sockets']).toLocaleString('en');
  return `${cell.void === undefined ? cell.median.toLocaleString('en') : amount(cell)} of ${sockets}`;
}
