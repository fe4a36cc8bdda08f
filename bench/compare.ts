import { ratioOf, sortedParams } from './cells.ts';
import { amount, ratio, table } from './report/format.ts';
import { rowsOf } from './report/rows.ts';
import { RunFileError, type Cell, type Run } from './run-file.ts';
import { tInterval } from './statistics.ts';

interface Pair {
  readonly a: Cell;
  readonly b: Cell;
  readonly ratio: Cell['ratio'];
}

/** Two runs, cell by cell, with what their environments differ in. */
export function compareRuns(a: Run, b: Run): string {
  const pairs = a.cells.flatMap((cell): Pair[] => {
    const other = b.cells.find((candidate) => nameOf(candidate) === nameOf(cell));
    return other === undefined ? [] : [{ a: cell, b: other, ratio: unpaired(cell, other) }];
  });
  const warnings = environmentDifferences(a, b).map((line) => `! ${line}`);
  return [...warnings, render(pairs, (cell) => `${cell.strategy} ${cell.variant ?? ''}`.trim())].join('\n');
}

/** Two rows of one run, `id` or `id/variant` each, hardened where no variant is given. */
export function compareRows(run: Run, nameA: string, nameB: string): string {
  const [a, b] = [rowCells(run, nameA), rowCells(run, nameB)];
  const pairs = a.flatMap((cell): Pair[] => {
    const other = b.find((candidate) => metricOf(candidate) === metricOf(cell));
    return other === undefined ? [] : [{ a: cell, b: other, ratio: ratioOf(other, cell) }];
  });
  return render(pairs, ({ suite }) => suite);
}

function rowCells(run: Run, name: string): Cell[] {
  const [strategy, variant = 'hardened'] = name.split('/');
  const cells = run.cells.filter((cell) => cell.strategy === strategy && cell.variant === variant);
  if (cells.length > 0) return cells;
  const rows = rowsOf(run).map((row) => `${row.strategy}/${row.variant}`);
  throw new RunFileError(`Nothing named '${name}' in this run; there are: ${rows.join(', ')}`);
}

function render(pairs: readonly Pair[], group: (cell: Cell) => string): string {
  const rows = pairs.map(({ a, b, ratio: estimate }) => [
    group(a),
    metricOf(a),
    amount(a),
    amount(b),
    verdict(a, b, estimate),
  ]);
  return table(['', 'Metric', 'A', 'B', 'B against A'], rows);
}

function verdict(a: Cell, b: Cell, estimate: Cell['ratio']): string {
  if (a.censored && b.censored) return 'both were cut off';
  if (a.median === b.median) return '=';
  return estimate === null ? 'differ' : ratio(estimate);
}

const paramsOf = ({ params }: Cell): string =>
  Object.entries(params)
    .filter(([name]) => name === 'leg' || name === 'side' || name === 'algorithm' || name === 'load')
    .map(([, value]) => ` ${String(value)}`)
    .join('');

const metricOf = (cell: Cell): string => `${cell.metric}${paramsOf(cell)}`;
const nameOf = (cell: Cell): string =>
  JSON.stringify([cell.suite, cell.strategy, cell.variant, cell.metric, sortedParams(cell.params)]);

/** Blocks of two runs are no pairs: Welch's interval on their logarithms, by the smaller count of blocks. */
function unpaired(a: Cell, b: Cell): Cell['ratio'] {
  const [logsA, logsB] = [a, b].map(({ blocks }) =>
    blocks.flatMap((value) => (value !== null && value > 0 ? [Math.log(value)] : [])),
  );
  if (logsA!.length === 0 || logsB!.length === 0) return null;
  const [ofA, ofB] = [tInterval(logsA!), tInterval(logsB!)];
  const half = Math.hypot(ofA.high - ofA.estimate, ofB.high - ofB.estimate);
  const log = ofB.estimate - ofA.estimate;
  const bound = (value: number) => (Number.isFinite(value) ? Math.exp(value) : null);
  return { estimate: Math.exp(log), ciLow: bound(log - half), ciHigh: bound(log + half) };
}

function environmentDifferences(a: Run, b: Run): string[] {
  const facts = ({
    environment: { cpu, cores, memoryGiB, platform, kernel, node, packages, cgroup },
    profile,
  }: Run) => ({
    profile,
    cpu,
    cores,
    memoryGiB,
    platform,
    kernel,
    node,
    packages: JSON.stringify(packages),
    cgroup: JSON.stringify(cgroup),
  });
  const [left, right] = [facts(a), facts(b)];
  return Object.entries(left)
    .filter(([name, value]) => right[name as keyof typeof right] !== value)
    .map(([name, value]) => `The runs differ in ${name}: ${value} and ${right[name as keyof typeof right]}`);
}
