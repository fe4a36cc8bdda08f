import { sortedParams, toRatio } from './model/cells.ts';
import { differs, type Noise, noiseOf } from './model/noise.ts';
import { amount, figure, paramsOf, ratio as ratioText, table } from './report/format.ts';
import { TOLERATED } from './report/leaks.ts';
import { rowsOf } from './report/rows.ts';
import { type Cell, type Ratio, type Run, RunFileError } from './model/run-file.ts';
import { holm, middleRatio, unpairedRatio } from './stats/statistics.ts';

interface Pair {
  readonly a: Cell;
  readonly b: Cell;
  /** B against A. */
  readonly ratio: Ratio | null;
  readonly noise: Noise | undefined;
}

/** Metrics in milliseconds, for which a credential stays usable; a difference above TOLERATED is no noise. */
const STALENESS = /^(accepted|delivered)-after-/;

export interface Comparison {
  readonly text: string;
  /** What is worse in B by more than `tolerated` per cent, a line each. */
  regressions(tolerated: number): string[];
}

/** Two runs, cell by cell, with what their environments differ in. */
export function compareRuns(a: Run, b: Run): Comparison {
  const others = new Map(b.cells.map((cell) => [nameOf(cell), cell]));
  const pairs = a.cells.flatMap((cell): Pair[] => {
    const other = others.get(nameOf(cell));
    if (other === undefined || cell.role === 'twin') return [];
    const noise = louder(noiseOf(a, cell), noiseOf(b, other));
    return [{ a: cell, b: other, ratio: toRatio(unpairedRatio(...comparable(cell, other))), noise }];
  });
  const gone = onlyIn('A', a, b);
  const stopped = [a, b].flatMap(({ complete }, index) => (complete ? [] : [`Run ${'AB'[index]} is not complete`]));
  const lines = [...environmentDifferences(a, b), ...stopped, ...gone, ...onlyIn('B', b, a)].map((line) => `! ${line}`);
  return comparison({ warnings: lines, lost: [...gone, ...stopped] }, pairs, ({ strategy, variant }) =>
    [strategy, variant].filter(Boolean).join(' '),
  );
}

/** Each against the no-auth baseline beside it where both were, so that a slower hour is not taken for a slower program. */
function comparable(a: Cell, b: Cell): [number[], number[]] {
  const values = a.ratios !== null && b.ratios !== null ? relative : bare;
  return [values(a), values(b)].map((of) => of.filter((value) => value > 0)) as [number[], number[]];
}

/** Two rows of one run, `id` or `id/variant` each, hardened where no variant is given. */
export function compareRows(run: Run, nameA: string, nameB: string): Comparison {
  const [a, b] = [rowCells(run, nameA), rowCells(run, nameB)];
  const pairs = a.flatMap((cell): Pair[] => {
    const other = b.find((candidate) => candidate.suite === cell.suite && metricOf(candidate) === metricOf(cell));
    return other === undefined ? [] : [{ a: cell, b: other, ratio: paired(cell, other), noise: noiseOf(run, cell) }];
  });
  return comparison({ warnings: [], lost: [] }, pairs, ({ suite }) => suite);
}

/** Each against the no-auth baseline of its own block where both were, so that what drifted between blocks drops out. */
function paired(a: Cell, b: Cell): Ratio | null {
  const values = a.ratios !== null && b.ratios !== null ? relative : bare;
  const ofA = values(a);
  return toRatio(middleRatio(values(b).map((value, index) => value / (ofA[index] ?? NaN))));
}

const bare = ({ blocks }: Cell): number[] => blocks.map((value) => value ?? NaN);
const relative = ({ ratios }: Cell): number[] => (ratios ?? []).map((ratio) => ratio ?? NaN);

function rowCells(run: Run, name: string): Cell[] {
  const [strategy, variant] = name.split('/');
  const own = run.cells.filter((cell) => cell.strategy === strategy);
  const cells = own.filter((cell) => cell.variant === (variant ?? (cell.variant === null ? null : 'hardened')));
  if (cells.length > 0) return cells;
  const rows = rowsOf(run).map((row) => (row.variant === null ? row.strategy : `${row.strategy}/${row.variant}`));
  throw new RunFileError(`Nothing named '${name}' in this run; there are: ${rows.join(', ')}`);
}

function comparison(
  { warnings, lost }: { readonly warnings: readonly string[]; readonly lost: readonly string[] },
  pairs: readonly Pair[],
  group: (cell: Cell) => string,
): Comparison {
  const ps = correctedPs(pairs);
  const isSignificant = (pair: Pair) => (ps.get(pair) ?? 1) < 0.05 && differs(pair.ratio!, pair.noise);
  const rows = pairs.map((pair) => [
    group(pair.a),
    metricOf(pair.a),
    amount(pair.a),
    amount(pair.b),
    ...verdict(pair, ps.get(pair), isSignificant(pair)),
  ]);
  const head = ['', 'Metric', 'A', 'B', 'B against A', 'p', 'n'];
  const method =
    'What was measured beside the no-auth baseline is compared by its ratio to it. p is corrected (Holm) within a metric.';
  return {
    text: [...warnings, table(head, rows), '', method].join('\n'),
    regressions: (tolerated) => [
      ...lost,
      ...pairs.flatMap((pair) => {
        const how = isSignificant(pair) && worse(pair) > 1 + tolerated / 100 ? percent(worse(pair)) : lessSafe(pair);
        return how === undefined ? [] : [`${group(pair.a)}: ${metricOf(pair.a)} ${how}`];
      }),
    ],
  };
}

/** Each p as it counts among those of its metric and parameters. */
function correctedPs(pairs: readonly Pair[]): Map<Pair, number> {
  const families = new Map<string, Pair[]>();
  for (const pair of pairs.filter(({ ratio }) => ratio !== null && ratio.p !== null)) {
    const family = `${pair.a.suite} ${metricOf(pair.a)}`;
    families.set(family, [...(families.get(family) ?? []), pair]);
  }
  return new Map(
    [...families.values()].flatMap((family) => {
      const corrected = holm(family.map(({ ratio }) => ratio!.p!));
      return family.map((pair, index) => [pair, corrected[index]!] as const);
    }),
  );
}

const percent = (times: number): string => `is worse by ${figure(100 * (times - 1))}%`;

/** What needs no test to be a loss: a figure that is void now, or a credential that stays usable where it did not. */
function lessSafe({ a, b }: Pair): string | undefined {
  if (a.void === undefined && b.void !== undefined) return `is void: ${b.void}`;
  if (b.void !== undefined || a.censored || !STALENESS.test(a.metric)) return undefined;
  const later = b.censored ? 'without an end' : b.median > a.median + TOLERATED ? 'longer' : undefined;
  return later && `goes on ${later}: ${amount(a)} before, ${amount(b)} now`;
}

const worse = ({ a, ratio }: Pair): number => (a.better === 'lower' ? ratio!.estimate : 1 / ratio!.estimate);

/** B against A, p and n. */
function verdict({ a, b, ratio }: Pair, p: number | undefined, significant: boolean): [string, string, string] {
  if (a.void !== undefined || b.void !== undefined) return ['void', '', ''];
  if (a.censored && b.censored) return ['both were cut off', '', ''];
  if (ratio === null) return [a.median === b.median ? 'the same' : 'differ, untested', '', ''];
  const text = ratioText(ratio, significant ? 'significant' : 'no difference found');
  return [text, p === undefined || ratio.ciLow === null ? '' : p.toFixed(3), String(ratio.n)];
}

const metricOf = (cell: Cell): string => `${cell.metric}${paramsOf(cell)}`;
const nameOf = (cell: Cell): string =>
  JSON.stringify([cell.suite, cell.strategy, cell.variant, cell.metric, sortedParams(cell.params)]);

function louder(a: Noise | undefined, b: Noise | undefined): Noise | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.floor > b.floor ? a : b;
}

function onlyIn(name: string, run: Run, other: Run): string[] {
  const known = new Set(other.cells.map(nameOf));
  const missing = run.cells.filter((cell) => !known.has(nameOf(cell)));
  if (missing.length === 0) return [];
  const rows = [...new Set(missing.map(({ suite, strategy }) => `${suite} ${strategy}`))];
  return [`${missing.length} cells are in ${name} alone: ${rows.join(', ')}`];
}

function environmentDifferences(a: Run, b: Run): string[] {
  const facts = ({ environment, profile }: Run) => {
    const { cpu, cores, memoryGiB, platform, kernel, node, packages, cgroup, commit, flags, pinned } = environment;
    const described = Object.fromEntries(
      Object.entries({ packages, cgroup, flags, pinned }).map(([name, value]) => [name, JSON.stringify(value)]),
    );
    return { profile, commit, cpu, cores, memoryGiB, platform, kernel, node, ...described };
  };
  const [left, right] = [facts(a), facts(b)];
  return Object.entries(left)
    .filter(([name, value]) => right[name as keyof typeof right] !== value)
    .map(([name, value]) => `The runs differ in ${name}: ${value} and ${right[name as keyof typeof right]}`);
}
