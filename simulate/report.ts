import { amount, duration, figure, table } from '../bench/report/format.ts';
import { listed, wrapped } from '../bench/report/lines.ts';
import type { Run } from '../bench/model/run-file.ts';
import { median } from '../bench/stats/statistics.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import { calibrated } from './costs.ts';
import { errorsOf, type Predicted, heldOut, kinds } from './held-out.ts';
import { CONNECTIONS, FULL } from './size.ts';
import { asBuilt, type Plan, planRows, plansOf, rough, storms } from './tables.ts';
import { type Population, usual } from './population.ts';

const SIZES = [1_000_000, 100_000_000];

const percent = (value: number): string => `${rough(value)}%`;

/** How far off each kind was where it could be checked. */
function trust(predicted: readonly Predicted[]): string {
  const texts = kinds.flatMap((kind) => {
    const errors = errorsOf(predicted, kind);
    return errors === undefined
      ? []
      : [`${kind} by ${percent(errors.median)} (median) and ${percent(errors.worst)} (worst of ${errors.count} figures)`];
  }); // prettier-ignore
  return texts.length === 0
    ? 'The run has too few numbers of nodes to check the simulation, so its error is not known.'
    : `The simulation was checked against the largest number of nodes that was measured. It was off on ${listed(texts)}.`;
}

/** The answer in words: the nodes and stores that so many connections take. */
function answer(plans: readonly Plan[], { connections }: Population): string {
  const sizes = asBuilt(plans).flatMap(({ size, isStoreKnown }) => (size === undefined ? [] : [{ ...size, isStoreKnown }]));
  const many = connections.toLocaleString('en');
  if (sizes.length === 0) return `As built, no number of nodes serves ${many} connections.`;
  const of = (values: readonly number[], name: string): string => {
    const [least, most] = [rough(Math.min(...values)), rough(Math.max(...values))];
    return `${least === most ? least : `${least} to ${most}`} ${name}`;
  };
  const stores = sizes.filter(({ isStoreKnown }) => isStoreKnown);
  const late = stores.flatMap(({ staleness }) => (staleness === undefined ? [] : [staleness.p99]));
  const parts = [
    of(sizes.map(({ nodes }) => nodes), 'nodes'),
    ...(stores.length === 0 ? [] : [of(stores.map((size) => size.stores), 'Redis processes')]),
  ];
  const sooner = late.length === 0 ? '' : ` A sign-out ends connections on other nodes within ${of(late, 'ms (p99)')}.`;
  const impossible = asBuilt(plans).length - sizes.length;
  const without = impossible === 0 ? '' : ` For ${impossible} strategies no number of nodes suffices.`;
  return `As built, ${many} connections take ${listed(parts)}, depending on the strategy.${sooner}${without}`;
} // prettier-ignore

/** Where each design breaks, and on what. */
function limits(run: Run, { signOuts }: Population): string {
  const costs = calibrated(run).map((one) => one.costs);
  const told = costs[0]?.signOut.cpu.perNode ?? 0;
  const swept = median(costs.map(({ commands, command }) => commands.idleSecond * command));
  const breaking =
    told * signOuts === 0
      ? ''
      : ` At ${rough(told)} ms for each sign-out, half of a core is gone with ${rough((1000 * FULL) / (signOuts * told))} connections.`;
  const full = swept > 0 ? ` Half of a store is gone with ${rough((1000 * FULL) / swept)} nodes as built.` : '';
  return `As built, every node is told of every sign-out. This work grows with the population, and more nodes do not make it
less.${breaking}

If only the node that holds the subject is told, the work of a node shrinks with the number of nodes. Then the sweep
breaks first: every node asks every store, so that the work of a store grows with the number of nodes.${full}

The CPU for being told of a sign-out is one figure for all strategies: the median of their slopes over the numbers of
nodes. They are told by the same bus, and the slope of a single strategy is mostly noise.`;
}

/** The costs that the run did not measure. A reader would otherwise take them for zero. */
const unmeasured = (run: Run, { messages }: Population): string =>
  messages === 0 || calibrated(run).every(({ costs }) => costs.commands.message !== undefined)
    ? ''
    : '\n\nWhat a rare message asks of the store was not measured in this run, so the columns about stores are empty. Such a message reads its session anew.';

/** A page on what was measured, carried beyond the machine that measured it. */
export const simulationReport = (run: Run, strategies: readonly Strategy[]): string =>
  `${TITLE}\n\n<!-- Rendered from run.json; edit nothing here. -->\n\n${bodyOf(
    run,
    strategies,
    SIZES.map((connections) => ({ ...usual, connections })),
  )}`;

/** The same page for one population. */
export const simulationText = (run: Run, strategies: readonly Strategy[], population: Population): string =>
  `${TITLE}\n\n${bodyOf(run, strategies, [population])}`;

/** The answer for one population in a few lines of 80 columns, and how far it can be trusted. */
export function simulationSummary(run: Run, population: Population): string {
  const plans = plansOf(run, population);
  const shown = asBuilt(plans);
  const width = Math.max(...shown.map(({ row }) => row.strategy.length));
  const lines = shown.map(({ row, size, isStoreKnown }) => {
    if (size === undefined) return `  ${row.strategy.padEnd(width)}  no number of nodes suffices`;
    const redis = isStoreKnown ? `, ${rough(size.stores)} Redis` : '';
    const late = isStoreKnown && size.staleness !== undefined ? `, sign-out in ${rough(size.staleness.p99)} ms (p99)` : '';
    return `  ${row.strategy.padEnd(width)}  ${rough(size.nodes)} nodes${redis}${late}`;
  }); // prettier-ignore
  return [
    ...wrapped(answer(plans, population)),
    ...lines,
    ...wrapped(trust(heldOut(run, population.seed))),
    'Tables, assumptions and where it breaks: --all',
  ].join('\n');
}

const TITLE = '# Beyond this machine';

function bodyOf(run: Run, strategies: readonly Strategy[], populations: readonly Population[]): string {
  const [first = { ...usual, connections: 0 }] = populations;
  const { lifetime, messages, signOuts, stays, seed } = first;
  const predicted = heldOut(run, seed);
  const planned = populations.map((population) => ({ population, plans: plansOf(run, population) }));
  const sections = planned.map(({ population, plans }) =>
    [
      `## ${population.connections.toLocaleString('en')} connections`,
      table(
        ['Strategy', 'Sign-outs', 'nodes', 'cores busy', 'store commands/s', 'Redis', 'staleness p50', 'p99'],
        planRows(plans),
        2,
      ),
      'Staleness is the time from a sign-out to the end of the connection on another node. Redis is the number of Redis processes. Figures have two digits.',
      'When all credentials expire at the same moment, on the nodes of the second design:',
      table(
        [
          'Strategy',
          'renewals/s at the peak',
          'peak / mean',
          'store commands/s at the peak',
          'calm after',
          'measured: signed out falsely',
        ],
        storms(run, population, strategies),
        1,
      ),
      'The simulation says how long the answers take. It does not cut late clients, so the last column is what was measured, with the number of sockets that it names.',
    ].join('\n\n'),
  );
  return `${planned.map(({ population, plans }) => answer(plans, population)).join('\n\n')}

${trust(predicted)} This is a first draft of a plan and no measurement.

${sections.join('\n\n')}

## Where it breaks

${limits(run, first)}

## What is assumed

Each connection sends ${figure(60 * messages)} messages a minute, is signed out ${figure(86_400 * signOuts)} times a day and stays for ${duration(stays)}. Its
credential lives for ${duration(lifetime)}. What a message asked of the store holds for ${duration(defaultLifetimes.sessionStaleness)}. The CPU of a message is that of many
in a row. A node keeps at most ${CONNECTIONS.toLocaleString('en')} connections. Nodes and stores are planned to be ${100 * FULL}% busy. The sweep makes up for
a push that is lost, so its interval is the longest staleness.${unmeasured(run, first)}

## How it is simulated, and how far it can be trusted

It is a discrete-event simulation (seed ${seed}). Nodes and stores are queues that serve in order of arrival. Their times are
exponential, and the means are those that the published run of several nodes measured. A network between hosts, garbage
collection and failing parts are not simulated.

${trust(predicted)}${predicted.length === 0 ? '' : `\n\n${heldOutTable(predicted)}`}

The nodes of the run share ${run.environment.cores} cores, in the measurement and in its simulation. On a full machine, CPU grows with the number of
nodes. That growth is part of the error, and not of the plans above, where each node has a core.
`;
}

const heldOutTable = (predicted: readonly Predicted[]): string =>
  table(
    ['Strategy', 'What', 'predicted', 'measured', 'error'],
    predicted.map(({ row, kind, what, value, cell, error }) => [
      row.label,
      `${kind} ${what}`,
      figure(value),
      amount(cell),
      error === undefined ? '' : `${error >= 0 ? '+' : ''}${figure(error)}%`,
    ]),
    2,
  );
