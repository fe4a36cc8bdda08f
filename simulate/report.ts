import { amount, figure, table } from '../bench/report/format.ts';
import type { Row } from '../bench/report/rows.ts';
import type { Run } from '../bench/run-file.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Costs, costsOf, measuredRows, nodeCounts } from './costs.ts';
import { loadsOf, mass, type Setting, steady } from './model.ts';

/** What is assumed of an application. Times in ms; rates for each connection, a second. */
export interface Population {
  readonly connections: number;
  readonly lifetime: number;
  readonly messages: number;
  readonly signOuts: number;
  readonly stays: number;
  readonly seed: number;
}

/** One message a minute, one sign-out a day, an hour on end, tokens of five minutes. */
export const usual = {
  lifetime: 300_000,
  messages: 1 / 60,
  signOuts: 1 / 86_400,
  stays: 3_600_000,
  seed: 1,
} as const;

const SIZES = [1_000_000, 100_000_000];
/** How full a node and a store are planned to be, and how many connections a node is given at most. */
const FULL = 0.5;
const CONNECTIONS = 50_000;
/** Nothing but what is measured; the cores that the nodes of the run shared. */
const quiet = { connections: 100, messages: 0, signOuts: 0.05, stays: Infinity, lifetime: Infinity, stores: 1 };

/** How a sign-out reaches the nodes. */
const designs = [
  { title: 'as built: every node is told, and sweeps every second', reach: undefined, sweep: 1 },
  { title: 'told to the one node that holds the subject; sweeps every minute', reach: 1, sweep: 60 },
] as const;

/** One way between two processes, in ms, so that the simulated median of two nodes is the measured one. */
function hopOf(row: Row, costs: Costs, cores: number, nodes: number, seed: number): number {
  const without = steady({ ...quiet, costs, nodes, cores, hop: 0, seed }).staleness.p50;
  return Math.max(0, ((row.cell('revocation-p50', { nodes })?.median ?? 0) - without) / 2);
}

/** Calibrated by all points but the largest, which it then foretells. */
function heldOut(run: Run, seed: number): readonly (readonly string[])[] {
  const counts = nodeCounts(run);
  const [nodes = 0] = counts.slice(-1);
  const known = counts.slice(0, -1);
  const [most = 0] = known.slice(-1);
  return measuredRows(run).flatMap((row) => {
    const costs = costsOf(row, known);
    const { cores } = run.environment;
    const hop = hopOf(row, costs, cores, most, seed);
    const { staleness } = steady({ ...quiet, costs, nodes, cores, hop, seed });
    const { signOut, commands } = costs;
    const of = ({ once, perNode }: typeof signOut.cpu): number => once + (nodes - 1) * perNode;
    const foretold: (readonly [string, number, ReturnType<Row['cell']>])[] = [
      ['commands a rare message', commands.message, row.cell('store-commands', { op: 'rare message', nodes })],
      ['commands a connect', commands.connect, row.cell('store-commands', { op: 'connect', nodes })],
      ['commands a renewal', commands.renewal, row.cell('store-commands', { op: 'renewal', nodes })],
      ['commands a sign-out', of(signOut.commands), row.cell('store-commands', { op: 'sign-out', nodes })],
      ['CPU a message', 1000 * costs.message, row.cell('server-cpu-per-message', { nodes })],
      ['CPU a connect', costs.connect, row.cell('server-cpu-per-connection', { nodes })],
      ['CPU a renewal', costs.renewal, row.cell('server-cpu-per-renewal', { nodes })],
      ['CPU a sign-out', of(signOut.cpu), row.cell('server-cpu-per-sign-out', { nodes })],
      ['staleness p50', staleness.p50, row.cell('revocation-p50', { nodes })],
      ['staleness p99', staleness.p99, row.cell('revocation-p99', { nodes })],
    ];
    return foretold.flatMap(([what, value, cell]) =>
      cell === undefined ? [] : [[row.label, what, figure(value), amount(cell), errorOf(value, cell.median)]],
    );
  });
}

const errorOf = (value: number, measured: number): string =>
  measured === 0 ? '' : `${value >= measured ? '+' : ''}${figure((100 * (value - measured)) / measured)} %`;

/** Fewest nodes and stores that are no fuller than planned; undefined where no number of them is. */
export function sizeOf(setting: Omit<Setting, 'nodes' | 'stores'>): Pick<Setting, 'nodes' | 'stores'> | undefined {
  let nodes = Math.max(2, Math.ceil(setting.connections / CONNECTIONS));
  // A node's share of the work shrinks with their number; what each is told does not.
  for (let tries = 0; tries < 40; tries++) {
    const { node } = loadsOf({ ...setting, nodes, stores: 1 });
    if (node <= FULL) break;
    if (tries === 39) return undefined;
    nodes = Math.ceil(nodes * Math.min(2, Math.max(1.02, node / FULL)));
  }
  let stores = 1;
  for (let tries = 0; loadsOf({ ...setting, nodes, stores }).store > FULL; tries++) {
    if (tries === 40) return undefined;
    stores = Math.ceil(stores * 1.5);
  }
  return { nodes, stores };
}

/** What so many connections take of each strategy, by each design. */
function grown(run: Run, population: Population): readonly (readonly string[])[] {
  const counts = nodeCounts(run);
  return measuredRows(run).flatMap((row) => {
    const costs = costsOf(row, counts);
    const hop = hopOf(row, costs, run.environment.cores, counts.at(-1) ?? 2, population.seed);
    return designs.map(({ title, reach, sweep }) => {
      const setting = { ...population, costs, hop, sweep, ...(reach !== undefined && { reach }) };
      const size = sizeOf(setting);
      if (size === undefined) return [row.label, title, 'no number suffices', '', '', '', '', ''];
      const day = steady({ ...setting, ...size });
      return [
        row.label,
        title,
        String(size.nodes),
        figure(day.node * size.nodes),
        figure(day.commands),
        String(size.stores),
        `${figure(day.staleness.p50)} ms`,
        `${figure(day.staleness.p99)} ms`,
      ];
    });
  });
}

/** A mass expiry of so many connections, on as many nodes as a day like any other takes. */
function storms(run: Run, population: Population, strategies: readonly Strategy[]): readonly (readonly string[])[] {
  const counts = nodeCounts(run);
  return measuredRows(run).flatMap((row) => {
    const costs = costsOf(row, counts);
    if (costs.renewal === 0) return [];
    const setting = { ...population, costs, hop: 0, reach: 1, sweep: 60 };
    const size = sizeOf(setting);
    if (size === undefined) return [];
    const { renewsAhead = [0, 0] as const } =
      strategies.find(({ id }) => id === row.strategy)?.variants[row.variant ?? 'hardened'] ?? {};
    const { peak, peakOverMean, calm } = mass({ ...setting, ...size }, renewsAhead);
    const atOnce = renewsAhead[0] === renewsAhead[1];
    return [
      [
        row.label,
        atOnce ? 'at once' : figure(peak),
        atOnce ? '' : figure(peakOverMean),
        atOnce ? '' : figure(peak * costs.commands.renewal),
        `${figure(calm / 1000)} s`,
      ],
    ];
  });
}

/** What the run did not measure, and a reader would take to be nothing. */
const unmeasured = (run: Run): string =>
  measuredRows(run).some((row) => row.cell('store-commands', { op: 'rare message' }))
    ? ''
    : ' What a message asks of the store where it comes rarely was not measured, and is missing: a session is read anew.';

/** A page on what was measured, carried beyond the machine that measured it. */
export function simulationReport(
  run: Run,
  strategies: readonly Strategy[],
  populations: readonly Population[] = SIZES.map((connections) => ({ ...usual, connections })),
): string {
  const [first = { ...usual, connections: 0 }] = populations;
  const { lifetime, messages, signOuts, stays, seed } = first;
  const sections = populations.map((population) =>
    [
      `## ${population.connections.toLocaleString('en')} connections`,
      table(
        ['Strategy', 'Sign-outs', 'nodes', 'cores busy', 'store commands/s', 'Redis', 'staleness p50', 'p99'],
        grown(run, population),
        2,
      ),
      'Everyone expires in one moment, on the nodes of the second design:',
      table(
        ['Strategy', 'renewals/s at the peak', 'peak / mean', 'store commands/s at the peak', 'calm after'],
        storms(run, population, strategies),
        1,
      ),
    ].join('\n\n'),
  );
  return `# Beyond this machine

<!-- Rendered from run.json; edit nothing here. -->

A discrete-event simulation (seed ${seed}): nodes and stores are queues, served first come, first served, in exponential times whose
means the run beside it measured. It is a plan's first draft and no measurement: a network between hosts, garbage
collection and failing parts are not in it.

## How far it can be trusted

Calibrated by all numbers of nodes but the largest, it foretells that one:

${table(['Strategy', 'What', 'foretold', 'measured', 'error'], heldOut(run, seed), 2)}

The nodes of the run share ${run.environment.cores} cores, here and in the simulation of them; CPU that grows with their number on a machine that is full is
in the error, and not in what follows, where each node has a core.

Each connection sends ${figure(60 * messages)} messages a minute, is signed out ${figure(86_400 * signOuts)} times a day, stays for ${figure(stays / 60_000)} minutes, and its
credential lives for ${figure(lifetime / 60_000)} minutes. A node keeps ${CONNECTIONS.toLocaleString('en')} connections at most, and it and a store are planned to be ${100 * FULL} % busy. A push
that is lost is made up for by the sweep: its interval is the longest staleness.${unmeasured(run)}

${sections.join('\n\n')}
`;
}
