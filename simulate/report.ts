import { amount, duration, figure, table } from '../bench/report/format.ts';
import { nodeCounts } from '../bench/report/rows.ts';
import type { Run } from '../bench/model/run-file.ts';
import { median } from '../bench/stats/statistics.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import { calibrated } from './costs.ts';
import { errorsOf, type Predicted, heldOut, hopOf, kinds } from './held-out.ts';
import { mass, type Setting, steady } from './model.ts';
import { CONNECTIONS, FULL, sizeOf } from './size.ts';

/** What is assumed of an application. */
export type Population = Pick<Setting, 'connections' | 'lifetime' | 'messages' | 'signOuts' | 'stays' | 'seed'>;

/** One message a minute, one sign-out a day, an hour on end, tokens of five minutes. */
export const usual = {
  lifetime: 300_000,
  messages: 1 / 60,
  signOuts: 1 / 86_400,
  stays: 3_600_000,
  seed: 1,
} as const;

const SIZES = [1_000_000, 100_000_000];

/** With fewer connections to a node its peak is chance. */
const FEW = 100;

/** How a sign-out reaches the nodes. */
const designs = [
  { title: 'as built: every node is told, and sweeps every second', reach: undefined, sweep: 1 },
  { title: 'told to the one node that holds the subject; sweeps every minute', reach: 1, sweep: 60 },
] as const;

/** Two digits: the errors of what is predicted warrant no more. */
const rough = (value: number): string =>
  Number(value.toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 20 });

const percent = (value: number): string => `${rough(value)} %`;

/** What so many connections take of each strategy, by each design. */
function grown(run: Run, population: Population): readonly (readonly string[])[] {
  return calibrated(run).flatMap(({ row, costs }) => {
    const hop = hopOf(row, costs, run.environment.cores, nodeCounts(run).at(-1) ?? 2, population.seed);
    // The queue of a store is not known where what it is asked for is not.
    const isKnown = costs.commands.message !== undefined || population.messages === 0;
    return designs.map(({ title, reach, sweep }) => {
      const setting = { ...population, costs, hop, sweep, ...(reach !== undefined && { reach }) };
      const size = sizeOf(setting);
      if (size === undefined) return [row.label, title, 'no number suffices', '', '', '', '', ''];
      const { node, commands, staleness } = steady({ ...setting, ...size });
      const late = (ms: number | undefined): string => (ms === undefined ? 'no sign-outs' : `${rough(ms)} ms`);
      return [
        row.label,
        title,
        rough(size.nodes),
        rough(node * size.nodes),
        ...(isKnown
          ? [rough(commands), rough(size.stores), late(staleness?.p50), late(staleness?.p99)]
          : ['', '', '', '']),
      ];
    });
  });
}

/** A mass expiry of so many connections, on as many nodes as a day like any other takes. */
function storms(run: Run, population: Population, strategies: readonly Strategy[]): readonly (readonly string[])[] {
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

/** Who was signed out falsely where that storm was measured. */
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

/** How far off each kind was where it could be checked. */
function trust(predicted: readonly Predicted[]): string {
  const texts = kinds.flatMap((kind) => {
    const errors = errorsOf(predicted, kind);
    return errors === undefined
      ? []
      : [`${kind} ${percent(errors.median)}, at worst ${percent(errors.worst)} (${errors.count} figures)`];
  });
  return `The median of |error|: ${texts.join('; ')}.`;
}

/** The same, where figures are that nobody can check. */
function gist(predicted: readonly Predicted[]): string {
  const texts = kinds.flatMap((kind) => {
    const errors = errorsOf(predicted, kind);
    return errors === undefined ? [] : [`${kind} ${percent(errors.median)} to ${percent(errors.worst)}`];
  });
  return texts.length === 0
    ? 'No error is known of these figures; two digits are given.'
    : `Where it could be checked it was off by, in the median and at worst, ${texts.join(', ')}: two digits are given, and the last means little. Nodes and cores follow CPU, Redis follows commands.`;
}

/** Where each design breaks, and on what. */
function limits(run: Run, { signOuts }: Population): string {
  const costs = calibrated(run).map((one) => one.costs);
  const told = costs[0]?.signOut.cpu.perNode ?? 0;
  const swept = median(costs.map(({ commands, command }) => commands.idleSecond * command));
  const breaking =
    told * signOuts === 0
      ? ''
      : `: at ${rough(told)} ms each, half of a core is gone with ${rough((1000 * FULL) / (signOuts * told))} connections`;
  const full = swept > 0 ? `: half of it is gone with ${rough((1000 * FULL) / swept)} nodes as built` : '';
  return `As built, every node is told of every sign-out, so that this work of a node grows with the population and no number of nodes
makes it less${breaking}. Told to the one node that holds the subject,
a node's work becomes less with their number, and what breaks is the sweep: every node asks every store, so that a store's work grows
with the nodes, however many stores there are${full}.

CPU that a node takes to be told is one figure for all strategies, the median of their slopes over the numbers of nodes: they are
told by the same bus, and a slope of one block each is mostly noise.`;
}

/** What the run did not measure, and a reader would take to be nothing. */
const unmeasured = (run: Run, { messages }: Population): string =>
  messages === 0 || calibrated(run).every(({ costs }) => costs.commands.message !== undefined)
    ? ''
    : '\n\nWhat a message asks of the store where it comes rarely was not measured in this run, so that nothing is said of stores: a session is read anew by such a message.';

/** A page on what was measured, carried beyond the machine that measured it. */
export const simulationReport = (run: Run, strategies: readonly Strategy[]): string =>
  `${TITLE}\n\n<!-- Rendered from run.json; edit nothing here. -->\n\n${bodyOf(
    run,
    strategies,
    SIZES.map((connections) => ({ ...usual, connections })),
  )}`;

/** The same for one population, for a terminal. */
export const simulationText = (run: Run, strategies: readonly Strategy[], population: Population): string =>
  `${TITLE}\n\n${bodyOf(run, strategies, [population])}`;

const TITLE = '# Beyond this machine';

function bodyOf(run: Run, strategies: readonly Strategy[], populations: readonly Population[]): string {
  const [first = { ...usual, connections: 0 }] = populations;
  const { lifetime, messages, signOuts, stays, seed } = first;
  const predicted = heldOut(run, seed);
  const sections = populations.map((population) =>
    [
      `## ${population.connections.toLocaleString('en')} connections`,
      gist(predicted),
      table(
        ['Strategy', 'Sign-outs', 'nodes', 'cores busy', 'store commands/s', 'Redis', 'staleness p50', 'p99'],
        grown(run, population),
        2,
      ),
      'Everyone expires in one moment, on the nodes of the second design. Simulated is how long the answers take, and neither the cut of who is late nor any grace: who was signed out falsely is what was measured, with as many sockets as are said.',
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
    ].join('\n\n'),
  );
  return `A discrete-event simulation (seed ${seed}): nodes and stores are queues, served first come, first served, in exponential times whose
means the published run of several nodes measured. It is a plan's first draft and no measurement: a network between hosts, garbage
collection and failing parts are not in it.

## How far it can be trusted

${
  predicted.length === 0
    ? 'The run has too few numbers of nodes to hold one out: its error is not known.'
    : `Calibrated by all numbers of nodes but the largest, it foretells that one. ${trust(predicted)}

${heldOutTable(predicted)}`
}

The nodes of the run share ${run.environment.cores} cores, here and in the simulation of them; CPU that grows with their number on a machine that is full is
in the error, and not in what follows, where each node has a core.

## Where it breaks

${limits(run, first)}

## What is assumed

Each connection sends ${figure(60 * messages)} messages a minute, is signed out ${figure(86_400 * signOuts)} times a day, stays for ${duration(stays)}, and its
credential lives for ${duration(lifetime)}. What a message asked of the store holds for ${duration(defaultLifetimes.sessionStaleness)}; CPU a message is that of many in a row. A
node keeps ${CONNECTIONS.toLocaleString('en')} connections at most, and it and a store are planned to be ${100 * FULL} % busy. A push that is lost is made up for
by the sweep: its interval is the longest staleness.${unmeasured(run, first)}

${sections.join('\n\n')}
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
      error === undefined ? '' : `${error >= 0 ? '+' : ''}${figure(error)} %`,
    ]),
    2,
  );
