import type { Run } from '../../model/run-file.ts';
import type { Interval, Tested } from '../../stats/statistics.ts';
import { figure } from '../../report/format.ts';
import { type Column, explainedTable } from '../../report/legend.ts';
import { EARLY, flagsOf, LATE, QUIET } from './configurations.ts';
import {
  type Costs,
  type Count,
  factsOf,
  isSeen,
  type NodeFacts,
  PRETENURES,
  type SettingFacts,
  SMALL,
} from './facts.ts';
import { lackText, missingFrom, releaseOf } from './runtimes.ts';

const count = (messages: number): string => messages.toLocaleString('en');

/** What of a run the section is rendered from. */
type RuntimeRun = Pick<Run, 'cells'> & { readonly environment: Pick<Run['environment'], 'node'> };

/** What a user should set, and then the figures that it follows from. */
export function runtimeSection(run: RuntimeRun): string {
  const facts = factsOf(run);
  return [
    facts.map((one) => `- ${nodeText(one)}`).join('\n'),
    ...howToSet(facts),
    ...lackText(missingFrom(facts.map(({ node }) => releaseOf(node))), releaseOf(run.environment.node)),
    explainedTable(
      HEAD,
      facts.flatMap(({ node, settings }) => settings.flatMap(rowsOf).map((cells) => [node, ...cells])),
    ),
    'Intervals are at 95%, each by itself; the share has the exact interval of Clopper and Pearson. "No difference found" means that the interval includes no change.',
  ].join('\n\n');
}

/** One Node: what happens under its defaults, what that costs, and what to set. */
function nodeText(facts: NodeFacts): string {
  const seen = facts.settings.filter((one) => one.semiSpace === 'default' && isSeen(one)).toReversed();
  if (seen.length === 0) return `**Node ${facts.node}**: no process was measured at full load under the defaults.`;
  return `**Node ${facts.node}**: ${smallText(seen, facts)} ${pretenuringText(seen, facts)} **${adviceText(facts)}**`;
}

function smallText(seen: readonly SettingFacts[], { smallCost }: NodeFacts): string {
  const atFirst = `after ${count(EARLY)} messages under the defaults, the young generation was small in ${sharesText(seen, 'smallAtFirst')}.`;
  if (seen.every(({ smallAtFirst }) => smallAtFirst.seen === 0)) return atFirst;
  const cost = `CPU per message while it was small, against 16 MiB: ${known(smallCost, changeText)}.`;
  return `${atFirst} ${cost} After ${count(LATE)} messages it was small in ${sharesText(seen, 'small')}.`;
}

function pretenuringText(seen: readonly SettingFacts[], { pretenuringCost }: NodeFacts): string {
  const shares = `V8 pretenured in ${sharesText(seen, 'pretenuring')}.`;
  if (seen.every(({ pretenuring }) => pretenuring.seen === 0)) return shares;
  return `${shares} CPU per message of these processes, against 16 MiB: ${known(pretenuringCost, changeText)}.`;
}

const sharesText = (seen: readonly SettingFacts[], kind: Shared): string =>
  seen.map((one) => shareText(one, kind)).join(', and in ');

type Shared = 'smallAtFirst' | 'small' | 'pretenuring';

function shareText(facts: SettingFacts, kind: Shared): string {
  const { seen, processes, share } = facts[kind];
  const some = seen === 0 ? `none of ${processes}` : `${seen} of ${processes}`;
  const when = facts.quiet === 0 ? 'without this wait' : `after ${facts.quiet} s without load`;
  return `${some} processes ${when} (${shareInterval(share)})`;
}

function adviceText({ advice }: NodeFacts): string {
  if (advice === undefined) return 'No size of this run is known to keep every young generation large.';
  const uncompared = advice.compared ? '' : ' This run has too few CPU figures to compare larger sizes.';
  if (advice.semiSpace === 'default')
    return advice.compared
      ? 'Leave the defaults: no other size was shown to save 5% of CPU per message.'
      : `Leave the defaults.${uncompared}`;
  return (
    `To exclude this, set \`${flagsOf(advice.semiSpace).join(' ')}\`. ` +
    `Against processes under the defaults that do not pretenure (after ${QUIET} s without load, where the round has one), CPU per message: ${known(advice.cpu, changeText)}; resident memory: ${known(advice.memory, memoryText)}.${uncompared}`
  );
}

/** How flags are set, where any are to be set. */
const howToSet = (facts: readonly NodeFacts[]): string[] =>
  facts.some(({ advice }) => advice !== undefined && advice.semiSpace !== 'default')
    ? [
        'The flags stand behind `node` in the command that starts the server. `NODE_OPTIONS` does not take `--min-semi-space-size`.',
      ]
    : [];

const HEAD: readonly Column[] = [
  ['Node', 'its version.'],
  ['Semi-space', 'what was set for each of the two semi-spaces of the young generation.'],
  ['Without load before', 'how long the server had nothing to do before its load came.'],
  [
    'Small at first',
    `in how many processes both semi-spaces together had at most ${SMALL} MiB after ${count(EARLY)} messages; in brackets the 95% interval of that share.`,
  ],
  [
    'Small',
    `the same after ${count(LATE)} messages. All later columns are from after ${count(LATE)} messages, except Pretenures.`,
  ],
  ['Young generation', 'MiB of both semi-spaces, the smallest and the largest.'],
  [
    'Pretenures',
    `in how many processes garbage collection took more than ${PRETENURES} times as long per message as in the reference, after ${count(EARLY)} and after ${count(LATE)} messages. Processes that are small do not count. V8 pretenures when it allocates new objects directly in the old generation: their garbage stays there longer. The reference has a flag against that.`,
  ],
  ['CPU per message', 'the median of processes that were busy; "3 of 4" says for how many.'],
  [
    'Against 16 MiB',
    `the change of that from the process with semi-spaces of 16 MiB in the same round, which always waits ${QUIET} s without load. Both are first compared with the same reference, slice by slice.`,
  ],
  ['Resident memory', 'under load.'],
  ['More than with 16 MiB', 'the difference of that to the process with 16 MiB in the same round.'],
];

/** One row; two more, a row for each kind, where some processes pretenure and others do not. */
function rowsOf({ semiSpace, quiet, smallAtFirst, small, pretenuring, sizes, costs }: SettingFacts): string[][] {
  const name = semiSpace === 'default' ? semiSpace : `${semiSpace} MiB`;
  const wait = quiet === 0 ? 'none' : `${quiet} s`;
  const counts = [wait, countText(smallAtFirst), countText(small), sizesText(sizes), countText(pretenuring)];
  if (!('pretenuring' in costs)) return [[name, ...counts, ...costCells(costs)]];
  return [
    [name, ...counts, '', '', '', ''],
    [`${name}, pretenures`, wait, '', '', '', '', ...costCells(costs.pretenuring)],
    [`${name}, does not`, wait, '', '', '', '', ...costCells(costs.others)],
  ];
}

const countText = ({ processes, seen, share }: Count): string =>
  processes === 0 ? '' : `${seen} of ${processes} (${shareInterval(share)})`;

const sizesText = (sizes: SettingFacts['sizes']): string =>
  sizes === undefined ? '' : `${[...new Set(sizes.map(figure))].join(' to ')} MiB`;

function costCells({ processes, counted, cpu, cpuAgainst16, memory, memoryOver16 }: Costs): string[] {
  const holes = counted === processes ? '' : ` (${counted} of ${processes})`;
  return [
    cpu === undefined ? '' : `${figure(cpu)} us${holes}`,
    cpuAgainst16 === undefined ? '' : changeText(cpuAgainst16),
    memory === undefined ? '' : `${figure(memory)} MiB`,
    memoryOver16 === undefined ? '' : memoryText(memoryOver16),
  ];
}

const known = (value: Tested | undefined, text: (value: Tested) => string): string =>
  value === undefined ? 'not known' : text(value);
function signed(value: number): string {
  const rounded = Math.round(value);
  return `${rounded < 0 ? '-' : '+'}${Math.abs(rounded)}`;
}

/** `8% to 61%`, rounded outwards; the one bound that it has where none or all were seen. */
function shareInterval({ low, high }: Interval): string {
  const [least, most] = [Math.floor(100 * low), Math.ceil(100 * high)];
  return low === 0 ? `at most ${most}%` : high === 1 ? `at least ${least}%` : `${least}% to ${most}%`;
}

/** A ratio as a change: `+45% (+31% to +58%)`. */
function changeText(ratio: Tested): string {
  const text = (value: number) => `${signed(100 * (value - 1))}%`;
  return comparedText(ratio, 1, text(ratio.estimate), `${text(ratio.low)} to ${text(ratio.high)}`);
}

/** A difference in MiB: `+12 MiB (+10 MiB to +14 MiB)`. */
function memoryText(difference: Tested): string {
  const text = (value: number) => `${signed(value)} MiB`;
  return comparedText(difference, 0, text(difference.estimate), `${text(difference.low)} to ${text(difference.high)}`);
}

function comparedText({ low, high }: Tested, noChange: number, estimate: string, bounds: string): string {
  if (Number.isNaN(low) || Number.isNaN(high)) return `${estimate} (too few processes for an interval)`;
  return low <= noChange && high >= noChange ? `no difference found (${bounds})` : `${estimate} (${bounds})`;
}
