import { sortedParams, toRatio } from './model/cells.ts';
import { differs, type Noise, noiseOf } from './model/noise.ts';
import { outcomeOf, type Pair, worse, worseText } from './report/comparison-outcome.ts';
import { comparisonText, measureOf } from './report/comparison-text.ts';
import { rowsOf } from './report/rows.ts';
import { type Cell, type Ratio, type Run, RunFileError } from './model/run-file.ts';
import { holm, middleRatio, unpairedRatio } from './stats/statistics.ts';

export interface Comparison {
  /** The conclusion in words, then what differs: the worst consequence first. */
  readonly text: string;
  /** The same, followed by a table of everything that was compared. */
  readonly all: string;
  /** What is worse in B by more than `tolerated` per cent, a line each. */
  regressions(tolerated: number): string[];
}

/** A pair before its p was corrected for the other pairs of its measure. */
type Untested = Omit<Pair, 'p' | 'isSignificant'> & { readonly noise: Noise | undefined };

/** Two runs, cell by cell, and in what their environments differ. */
export function compareRuns(a: Run, b: Run): Comparison {
  const others = new Map(b.cells.map((cell) => [nameOf(cell), cell]));
  const pairs = a.cells.flatMap((cell): Untested[] => {
    const other = others.get(nameOf(cell));
    if (other === undefined || cell.role === 'twin') return [];
    const noise = louder(noiseOf(a, cell), noiseOf(b, other));
    return [{ a: cell, b: other, ratio: toRatio(unpairedRatio(...comparable(cell, other))), noise }];
  });
  const gone = onlyIn('A', a, b);
  const stopped = [a, b].flatMap(({ complete }, index) => (complete ? [] : [`Run ${'AB'[index]} is not complete`]));
  const lines = [...stopped, ...gone, ...onlyIn('B', b, a), ...environmentDifferences(a, b)];
  return comparison(['run A', 'run B'], { warnings: lines, lost: [...gone, ...stopped] }, pairs, (cell) =>
    [cell.strategy, cell.variant].filter(Boolean).join(' '),
  );
}

/**
 * The values that are compared: ratios to the no-auth baseline where both cells have them, so that a slower hour is not
 * taken for a slower program.
 */
function comparable(a: Cell, b: Cell): [number[], number[]] {
  const values = a.ratios !== null && b.ratios !== null ? relative : bare;
  return [values(a), values(b)].map((of) => of.filter((value) => value > 0)) as [number[], number[]];
}

/** Two rows of one run, `id` or `id/variant` each, hardened where no variant is given. */
export function compareRows(run: Run, nameA: string, nameB: string): Comparison {
  const [a, b] = [rowCells(run, nameA), rowCells(run, nameB)];
  const pairs = a.flatMap((cell): Untested[] => {
    const other = b.find((one) => measureKey(one) === measureKey(cell)) ?? b.find((one) => isSameName(one, cell));
    return other === undefined ? [] : [{ a: cell, b: other, ratio: paired(cell, other), noise: noiseOf(run, cell) }];
  });
  return comparison([nameA, nameB], { warnings: [], lost: [] }, pairs, ({ suite }) => suite);
}

/** Compared by the ratios to the no-auth baseline of the same block where both have them, so that drift drops out. */
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
  names: readonly [string, string],
  { warnings, lost }: { readonly warnings: readonly string[]; readonly lost: readonly string[] },
  untested: readonly Untested[],
  group: (cell: Cell) => string,
): Comparison {
  const ps = correctedPs(untested);
  const pairs = untested.map((one): Pair => {
    const p = ps.get(one);
    return { ...one, p, isSignificant: (p ?? 1) < 0.05 && differs(one.ratio!, one.noise) };
  });
  return {
    ...comparisonText(names, warnings, pairs, group),
    regressions: (tolerated) => [
      ...lost,
      ...pairs.flatMap((pair) => {
        const outcome = outcomeOf(pair);
        const counts = outcome === 'less safe' || outcome === 'void' || (outcome === 'worse' && worse(pair) > 1 + tolerated / 100); // prettier-ignore
        return counts ? [`${group(pair.a)}: ${measureOf(pair.a)} ${worseText(pair)}`] : [];
      }),
    ],
  };
}

/** Each p as it counts among those of its metric and parameters. */
function correctedPs(pairs: readonly Untested[]): Map<Untested, number> {
  const families = new Map<string, Untested[]>();
  for (const pair of pairs.filter(({ ratio }) => ratio !== null && ratio.p !== null)) {
    const family = measureKey(pair.a);
    families.set(family, [...(families.get(family) ?? []), pair]);
  }
  return new Map(
    [...families.values()].flatMap((family) => {
      const corrected = holm(family.map(({ ratio }) => ratio!.p!));
      return family.map((pair, index) => [pair, corrected[index]!] as const);
    }),
  );
}

const measureKey = ({ suite, metric, params }: Cell): string => JSON.stringify([suite, metric, sortedParams(params)]);

/** Cells of two strategies may differ in a parameter that a reader does not see, such as a lifetime. */
const isSameName = (a: Cell, b: Cell): boolean => a.suite === b.suite && measureOf(a) === measureOf(b);

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
