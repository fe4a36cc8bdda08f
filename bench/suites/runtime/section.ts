import type { Run } from '../../model/run-file.ts';
import type { Interval, Tested } from '../../stats/statistics.ts';
import { figure } from '../../report/format.ts';
import { type Column, explainedTable } from '../../report/legend.ts';
import { youngGeneration } from '../../../harness/processes/launch.ts';
import type { SemiSpace } from './configurations.ts';
import { type Costs, factsOf, type NodeFacts, type SettingFacts, SMALL } from './facts.ts';
import { lackText, missingFrom, releaseOf } from './runtimes.ts';

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

/** One Node: whether it is affected, what that costs, and what to set. */
function nodeText(facts: NodeFacts): string {
  const { node, affected, settings } = facts;
  const seen = settings.filter(({ semiSpace, processes }) => semiSpace === 'default' && processes > 0);
  if (affected === undefined) return `**Node ${node}**: no process was seen under the defaults.`;
  const shares = `under the defaults the young generation was small ${seen.toReversed().map(shareText).join(', and ')}`;
  return affected
    ? `**Node ${node} is affected**: ${shares}. ${costText(facts)} ${adviceText(facts)}`
    : `**Node ${node} is not affected in this run**: ${shares}. ${adviceText(facts)}`;
}

function shareText({ quiet, small, processes, share }: SettingFacts): string {
  const some = small === 0 ? `none of ${processes}` : `${small} of ${processes}`;
  const when = quiet === 0 ? 'when the load came at once' : `after ${quiet} s without load`;
  return `in ${some} processes ${when} (${shareInterval(share)})`;
}

function costText({ smallCost }: NodeFacts): string {
  return smallCost === undefined
    ? 'What a small process costs is not known: no small and other ones can be compared.'
    : `CPU per message of a small process against one that is not: ${changeText(smallCost)}.`;
}

function adviceText({ settings, advice }: NodeFacts): string {
  if (advice === undefined) return 'Under each size of this run it was small in some process.';
  const uncompared = advice.compared ? '' : ' This run has too few CPU figures to compare larger sizes.';
  if (advice.semiSpace === 'default')
    return advice.compared
      ? 'Leave the default: no other size was shown to save 5% of CPU per message.'
      : `Leave the default.${uncompared}`;
  const chosen = settings.find(({ semiSpace }) => semiSpace === advice.semiSpace)!;
  return (
    `Set ${flagsOf(advice.semiSpace)}: with these flags it was small ${shareText(chosen)}. ` +
    `Against processes under the defaults that are not small, CPU per message: ${known(advice.cpu, changeText)}; resident memory: ${known(advice.memory, memoryText)}.${uncompared}`
  );
}

const flagsOf = (semiSpace: Exclude<SemiSpace, 'default'>): string => `\`${youngGeneration(semiSpace).join(' ')}\``;

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
  ['Processes', 'how many servers were started so.'],
  [
    'Small',
    `in how many of them both semi-spaces together had at most ${SMALL} MiB; in brackets the 95% interval of that share.`,
  ],
  ['Young generation', 'MiB of both semi-spaces, the smallest and the largest.'],
  ['CPU per message', 'the median of processes that were busy; "3 of 4" says for how many.'],
  [
    'Against 16 MiB',
    'the change of that from the process with semi-spaces of 16 MiB in the same round. Both are first compared with the same reference, slice by slice.',
  ],
  ['Resident memory', 'under load.'],
  ['More than with 16 MiB', 'the difference of that to the process with 16 MiB in the same round.'],
];

/** One row; two more, a row for each kind, where some processes were small and others were not. */
function rowsOf({ semiSpace, quiet, processes, small, share, sizes, costs }: SettingFacts): string[][] {
  const name = semiSpace === 'default' ? semiSpace : `${semiSpace} MiB`;
  const wait = quiet === 0 ? 'none' : `${quiet} s`;
  const counts = [
    wait,
    String(processes),
    processes === 0 ? '' : `${small} (${shareInterval(share)})`,
    sizesText(sizes),
  ];
  if (!('small' in costs)) return [[name, ...counts, ...costCells(costs)]];
  return [
    [name, ...counts, '', '', '', ''],
    [`${name}, small`, wait, String(small), '', '', ...costCells(costs.small)],
    [`${name}, not small`, wait, String(processes - small), '', '', ...costCells(costs.grown)],
  ];
}

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
