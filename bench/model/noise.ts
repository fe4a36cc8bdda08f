import { sortedParams } from './cells.ts';
import type { Cell, Ratio, Run } from './run-file.ts';
import { fewestPairs, holm, middleRatio } from '../stats/statistics.ts';

/** What two names of the same code differed in. */
export interface Noise {
  /** The smallest ratio, from 1 up, that means anything here: a difference below it is not reported. */
  readonly floor: number;
  /** The ratios between these mean nothing. */
  readonly low: number;
  readonly high: number;
  /** The twin's own interval leaves 1 out at p < 0.01: this run finds differences where there are none. */
  readonly separated: boolean;
  readonly twin: Ratio;
}

/** At this p the twins count as told apart: once in a hundred runs by chance. */
const SEPARATED = 0.01;

/** Whether two cells are of the same suite, metric and parameters. */
const isSameMeasure = (a: Cell, b: Cell): boolean =>
  a.metric === b.metric &&
  a.suite === b.suite &&
  JSON.stringify(sortedParams(a.params)) === JSON.stringify(sortedParams(b.params));

/** The noise of a cell's metric and parameters; undefined where no twin was measured by them. */
export function noiseOf({ cells }: Pick<Run, 'cells'>, cell: Cell): Noise | undefined {
  const found = cells.find((candidate) => candidate.role === 'twin' && isSameMeasure(candidate, cell));
  const twin = found?.void === undefined ? found?.ratio : null;
  if (!twin || twin.ciLow === null || twin.ciHigh === null) return undefined;
  const floor = Math.exp(Math.max(Math.abs(Math.log(twin.ciLow)), Math.abs(Math.log(twin.ciHigh))));
  return { floor, low: 1 / floor, high: floor, separated: twin.p !== null && twin.p < SEPARATED, twin };
}

/** Whether a ratio is told from 1: its interval leaves 1 out, and it lies beyond the noise. */
export function differs(
  { estimate, ciLow, ciHigh }: Pick<Ratio, 'estimate' | 'ciLow' | 'ciHigh'>,
  noise?: Noise,
): boolean {
  if (ciLow === null || ciHigh === null || (ciLow <= 1 && ciHigh >= 1)) return false;
  return noise === undefined || Math.abs(Math.log(estimate)) > Math.log(noise.floor);
}

/** What a run says of a ratio: that there is a difference, that it cannot tell, or nothing at all. */
export type Verdict = 'significant' | 'no difference found' | 'withheld' | 'not known';

/** At this p, corrected, a difference counts. */
const SIGNIFICANT = 0.05;

/**
 * The one verdict on a cell's ratio, for every page. Withheld where the twins of its measure separate; told where the
 * ratio lies beyond their floor, its interval leaves 1 out and its corrected p is small enough.
 */
export function verdictOf(run: Pick<Run, 'cells'>, cell: Cell): Verdict {
  const noise = noiseOf(run, cell);
  if (noise?.separated) return 'withheld';
  if (cell.void !== undefined || cell.ratio === null || cell.ratio.ciLow === null) return 'not known';
  // Twins that gave no interval leave the noise unknown, and anything may be within it.
  const isDeaf = noise === undefined && run.cells.some((one) => one.role === 'twin' && isSameMeasure(one, cell));
  if (isDeaf || !differs(cell.ratio, noise)) return 'no difference found';
  return (correctedP(run, cell) ?? 1) < SIGNIFICANT ? 'significant' : 'no difference found';
}

/** The p of a cell's ratio after Holm's correction over its family; null where it has none. */
export function correctedP(run: Pick<Run, 'cells'>, cell: Cell): number | null {
  const family = familyOf(run, cell);
  const corrected = holm(family.map(({ ratio }) => ratio!.p!));
  return (
    corrected[family.findIndex(({ strategy, variant }) => strategy === cell.strategy && variant === cell.variant)] ??
    null
  );
}

/** What is compared at once with a cell: all of its role that were tested by the same measure. */
export const familyOf = ({ cells }: Pick<Run, 'cells'>, cell: Cell): Cell[] =>
  cells.filter(
    (one) =>
      one.role === cell.role && one.void === undefined && typeof one.ratio?.p === 'number' && isSameMeasure(one, cell),
  );

/** The blocks that a cell's family has and those that it takes to tell any difference in it, where it has fewer. */
export function tooFewBlocks(
  run: Pick<Run, 'cells'>,
  cell: Cell,
): { readonly blocks: number; readonly needed: number; readonly comparisons: number } | undefined {
  const family = familyOf(run, cell);
  const [blocks, needed] = [Math.max(...family.map(({ ratio }) => ratio!.n)), fewestPairs(family.length)];
  return family.length === 0 || blocks >= needed ? undefined : { blocks, needed, comparisons: family.length };
}

/** The smallest ratio that a row was sure to be told at: beyond the floor, and its interval after Holm's strictest step. */
export function smallestSignificant(run: Pick<Run, 'cells'>, cell: Cell): number | undefined {
  const noise = noiseOf(run, cell);
  if (cell.void !== undefined || noise === undefined || cell.ratios === null) return undefined;
  const ratios = cell.ratios.map((ratio) => ratio ?? NaN);
  const strictest = middleRatio(ratios, SIGNIFICANT / familyOf(run, cell).length);
  if (strictest === undefined || Number.isNaN(strictest.low)) return undefined;
  return Math.max(noise.floor, Math.sqrt(strictest.high / strictest.low));
}

/** The twins that separated, one for each measure whose verdicts are withheld. */
export const separatedTwins = (run: Pick<Run, 'cells'>): Cell[] =>
  run.cells.filter((cell) => cell.role === 'twin' && noiseOf(run, cell)?.separated);

/** What a run found of a cost that is known. */
export interface Control {
  readonly name: string;
  readonly cell: Cell;
  /** The cost in us, from the name. */
  readonly known: number;
  readonly found: boolean;
  /** Whether the known cost lies within the interval of what was found. */
  readonly isTrue: boolean;
}

/** The controls of the message load: whether this run could have seen 20 us and 100 us, and read them right. */
export function controlsOf(run: Pick<Run, 'cells'>): Control[] {
  return run.cells
    .filter(
      ({ role, metric, params }) =>
        role === 'control' && metric === 'server-cpu-per-message' && params['load'] === 'saturated',
    )
    .map((cell) => {
      const known = Number(/(\d+)us$/.exec(cell.strategy)?.[1]);
      const { ciLow, ciHigh } = cell.added ?? { ciLow: null, ciHigh: null };
      return {
        name: cell.strategy,
        cell,
        known,
        found: verdictOf(run, cell) === 'significant' && cell.ratio!.estimate > 1,
        isTrue: ciLow !== null && ciHigh !== null && ciLow <= known && known <= ciHigh,
      };
    });
}
