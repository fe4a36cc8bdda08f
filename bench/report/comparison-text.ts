import type { Cell } from '../model/run-file.ts';
import { amount, paramsOf, ratio as ratioText, table } from './format.ts';
import { listed, wrapped } from './lines.ts';
import { byConsequence, type Outcome, outcomeOf, type Pair } from './comparison-outcome.ts';

/** A measure as a reader tells it from others, such as `server-cpu-per-message saturated`. */
export const measureOf = (cell: Cell): string =>
  `${cell.metric}${paramsOf(cell)}${['nodes', 'op', 'after'].flatMap((name) => (name in cell.params ? [`, ${name} ${String(cell.params[name])}`] : [])).join('')}`; // prettier-ignore

/** How many lines of one outcome are shown without --all. */
const SHOWN = 12;

/** The conclusion, what differs, and on request a table of everything. */
export function comparisonText(
  [nameA, nameB]: readonly [string, string],
  warnings: readonly string[],
  pairs: readonly Pair[],
  group: (cell: Cell) => string,
): { readonly text: string; readonly all: string } {
  const differing = pairs.filter((pair) => !['same', 'untested'].includes(outcomeOf(pair))).toSorted(byConsequence);
  const conclusion = wrapped(conclusionOf(nameA, nameB, pairs));
  const line = (pair: Pair): string => {
    const [a, b] = [amount(pair.a), amount(pair.b)];
    const change = pair.isSignificant && pair.ratio !== null ? ` (${ratioText(pair.ratio, 'significant')} times)` : '';
    return wrapped(`- ${outcomeOf(pair)}: ${group(pair.a)}, ${measureOf(pair.a)}: ${a}, then ${b}${change}`, 2).join('\n');
  }; // prettier-ignore
  const notes = warnings.map((warning) => `! ${warning}`);
  const rest = differing.length - SHOWN;
  const hint = rest > 0 ? [`- and ${rest} more differences: see --all`] : [];
  return {
    text: [...conclusion, ...differing.slice(0, SHOWN).map(line), ...hint, ...notes.map(cut)].join('\n'),
    all: [...conclusion, ...differing.map(line), ...notes, '', tableOf(pairs, group), '', METHOD].join('\n'),
  };
}

const METHOD = `A measure that was taken beside the no-auth baseline is compared by its ratio to it.
Ratios have a 95% interval in brackets. p is corrected (Holm) within a measure; n is the number of pairs of blocks.`;

/** A package list is long, and --all has it. */
const cut = (text: string): string => (text.length <= 160 ? text : `${text.slice(0, 150)}... (see --all)`);

function conclusionOf(nameA: string, nameB: string, pairs: readonly Pair[]): string {
  const count = (...wanted: Outcome[]): number => pairs.filter((pair) => wanted.includes(outcomeOf(pair))).length;
  if (pairs.length === 0) return `There is no measure in common: ${nameA}, ${nameB}.`;
  const tested = pairs.length - count('untested');
  const found = [
    [count('less safe'), 'stays usable for longer after its end'],
    [count('loses more'), 'loses more'],
    [count('worse'), 'is worse'],
    [count('void'), 'is void'],
    [count('safer'), 'ends sooner'],
    [count('loses less'), 'loses less'],
    [count('better'), 'is better'],
  ] as const; // prettier-ignore
  const texts = found.flatMap(([times, what]) => (times > 0 ? [`${what} in ${times}`] : []));
  const untested = pairs.length > tested ? ` ${pairs.length - tested} more have too few blocks to test.` : '';
  if (texts.length === 0)
    return `No difference found between ${nameA} and ${nameB} in ${tested} ${tested === 1 ? 'measure' : 'measures'}.${untested}`;
  return `Compared with ${nameA}, ${nameB} ${listed(texts)} of ${tested} measures; in ${count('same')} no difference was found.${untested}`;
}

const tableOf = (pairs: readonly Pair[], group: (cell: Cell) => string): string =>
  table(
    ['', 'Metric', 'A', 'B', 'B against A', 'p', 'n'],
    pairs.toSorted(byConsequence).map((pair) => [
      group(pair.a), measureOf(pair.a), amount(pair.a), amount(pair.b), ...verdictOf(pair),
    ]),
  ); // prettier-ignore

/** B against A, p and n. */
function verdictOf({ a, b, ratio, p, isSignificant }: Pair): [string, string, string] {
  if (a.void !== undefined || b.void !== undefined) return ['void', '', ''];
  if (a.censored && b.censored) return ['both were cut off', '', ''];
  if (ratio === null) return [a.median === b.median ? 'the same' : 'differ, untested', '', ''];
  const text = ratioText(ratio, isSignificant ? 'significant' : 'no difference found');
  return [text, p === undefined || ratio.ciLow === null ? '' : p.toFixed(3), String(ratio.n)];
}
