import { sortedParams, toRatio } from './cells.ts';
import { differs, type Noise, noiseOf } from './noise.ts';
import { amount, figure, paramsOf, table } from './report/format.ts';
import { rowsOf } from './report/rows.ts';
import { type Cell, type Ratio, type Run, RunFileError } from './run-file.ts';
import { holm, pairedRatio, unpairedRatio } from './statistics.ts';

interface Pair {
  readonly a: Cell;
  readonly b: Cell;
  /** B against A. */
  readonly ratio: Ratio | null;
  readonly noise: Noise | undefined;
}

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
    return [{ a: cell, b: other, ratio: toRatio(unpairedRatio(counted(cell), counted(other))), noise }];
  });
  const lines = [...environmentDifferences(a, b), ...onlyIn('A', a, b), ...onlyIn('B', b, a)].map(
    (line) => `! ${line}`,
  );
  return comparison(lines, pairs, ({ strategy, variant }) => [strategy, variant].filter(Boolean).join(' '));
}

/** Two rows of one run, `id` or `id/variant` each, hardened where no variant is given. */
export function compareRows(run: Run, nameA: string, nameB: string): Comparison {
  const [a, b] = [rowCells(run, nameA), rowCells(run, nameB)];
  const pairs = a.flatMap((cell): Pair[] => {
    const other = b.find((candidate) => candidate.suite === cell.suite && metricOf(candidate) === metricOf(cell));
    return other === undefined ? [] : [{ a: cell, b: other, ratio: paired(cell, other), noise: noiseOf(run, cell) }];
  });
  return comparison([], pairs, ({ suite }) => suite);
}

/** Each against the open door of its own block where both were, so that what drifted between blocks drops out. */
function paired(a: Cell, b: Cell): Ratio | null {
  const relative = ({ blocks, beside }: Cell): number[] =>
    blocks.map((value, index) => (value ?? NaN) / (beside === null ? 1 : (beside[index] ?? NaN)));
  const bare = ({ blocks }: Cell): number[] => blocks.map((value) => value ?? NaN);
  const both = a.beside !== null && b.beside !== null;
  return toRatio(both ? pairedRatio(relative(b), relative(a)) : pairedRatio(bare(b), bare(a)));
}

function rowCells(run: Run, name: string): Cell[] {
  const [strategy, variant] = name.split('/');
  const own = run.cells.filter((cell) => cell.strategy === strategy);
  const cells = own.filter((cell) => cell.variant === (variant ?? (cell.variant === null ? null : 'hardened')));
  if (cells.length > 0) return cells;
  const rows = rowsOf(run).map((row) => (row.variant === null ? row.strategy : `${row.strategy}/${row.variant}`));
  throw new RunFileError(`Nothing named '${name}' in this run; there are: ${rows.join(', ')}`);
}

function comparison(warnings: readonly string[], pairs: readonly Pair[], group: (cell: Cell) => string): Comparison {
  const tested = pairs.filter(({ ratio }) => ratio !== null && ratio.p !== null);
  const corrected = holm(tested.map(({ ratio }) => ratio!.p!));
  const ps = new Map(tested.map((pair, index) => [pair, corrected[index]!]));
  const isTold = (pair: Pair) => (ps.get(pair) ?? 1) < 0.05 && differs(pair.ratio!, pair.noise);
  const rows = pairs.map((pair) => [
    group(pair.a),
    metricOf(pair.a),
    amount(pair.a),
    amount(pair.b),
    ...verdict(pair, ps.get(pair), isTold(pair)),
  ]);
  const head = ['', 'Metric', 'A', 'B', 'B against A', 'p', 'n'];
  const method = `p is corrected for ${tested.length} comparisons (Holm); ~ means that the two cannot be told apart.`;
  return {
    text: [...warnings, table(head, rows), '', method].join('\n'),
    regressions: (tolerated) =>
      pairs
        .filter((pair) => isTold(pair) && worse(pair) > 1 + tolerated / 100)
        .map((pair) => `${group(pair.a)}: ${metricOf(pair.a)} is worse by ${figure(100 * (worse(pair) - 1))}%`),
  };
}

const worse = ({ a, ratio }: Pair): number => (a.better === 'lower' ? ratio!.estimate : 1 / ratio!.estimate);

/** B against A, p and n. */
function verdict({ a, b, ratio }: Pair, p: number | undefined, told: boolean): [string, string, string] {
  if (a.void !== undefined || b.void !== undefined) return ['void', '', ''];
  if (a.censored && b.censored) return ['both were cut off', '', ''];
  if (ratio === null) return [a.median === b.median ? 'the same' : 'differ, untested', '', ''];
  const { estimate, ciLow, ciHigh, n } = ratio;
  if (ciLow === null || ciHigh === null) return [`${figure(estimate)} (one block)`, '', String(n)];
  const bounds = `[${figure(ciLow)}, ${figure(ciHigh)}]`;
  return [`${told ? figure(estimate) : '~'} ${bounds}`, p === undefined ? '' : p.toFixed(3), String(n)];
}

const metricOf = (cell: Cell): string => `${cell.metric}${paramsOf(cell)}`;
const nameOf = (cell: Cell): string =>
  JSON.stringify([cell.suite, cell.strategy, cell.variant, cell.metric, sortedParams(cell.params)]);
const counted = ({ blocks }: Cell): number[] => blocks.filter((value) => value !== null);

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
    const { cpu, cores, memoryGiB, platform, kernel, node, packages, cgroup } = environment;
    const described = { packages: JSON.stringify(packages), cgroup: JSON.stringify(cgroup) };
    return { profile, cpu, cores, memoryGiB, platform, kernel, node, ...described };
  };
  const [left, right] = [facts(a), facts(b)];
  return Object.entries(left)
    .filter(([name, value]) => right[name as keyof typeof right] !== value)
    .map(([name, value]) => `The runs differ in ${name}: ${value} and ${right[name as keyof typeof right]}`);
}
