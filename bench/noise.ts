import type { Cell, Ratio, Run } from './run-file.ts';
import { sortedParams } from './cells.ts';

/** What two names of the same code differed in. */
export interface Noise {
  /** The smallest ratio, from 1 up, that means anything here: a difference below it prints `~`. */
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

const keyOf = ({ suite, metric, params }: Cell): string => JSON.stringify([suite, metric, sortedParams(params)]);

/** The noise of a cell's metric and parameters; undefined where no twin was measured by them. */
export function noiseOf({ cells }: Pick<Run, 'cells'>, cell: Cell): Noise | undefined {
  const twin = cells.find((candidate) => candidate.role === 'twin' && keyOf(candidate) === keyOf(cell))?.ratio;
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

/** What a run found of a cost that is known, in the metric's unit. */
export interface Control {
  readonly name: string;
  readonly cell: Cell;
  readonly found: boolean;
}

/** The controls of the message load: whether this run could have seen 20 us and 100 us. */
export function controlsOf({ cells }: Pick<Run, 'cells'>): Control[] {
  return cells
    .filter(
      ({ role, metric, params }) =>
        role === 'control' && metric === 'server-cpu-per-message' && params['load'] === 'saturated',
    )
    .map((cell) => ({
      name: cell.strategy,
      cell,
      found: cell.ratio !== null && cell.ratio.estimate > 1 && differs(cell.ratio, noiseOf({ cells }, cell)),
    }));
}

/** Of the message load: whether the twins separated, and verdicts are withheld. */
export function isWithheld(run: Pick<Run, 'cells'>): boolean {
  const twin = run.cells.find(
    ({ role, metric, params }) =>
      role === 'twin' && metric === 'server-cpu-per-message' && params['load'] === 'saturated',
  );
  return twin !== undefined && (noiseOf(run, twin)?.separated ?? false);
}
