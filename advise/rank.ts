import type { CpuRatio } from './cost.ts';
import { losses, type Option } from './options.ts';

/** By what options are ranked, the most important first. */
export type Criterion = 'loss' | 'reconnects' | 'storm' | 'store' | 'cpu';

/** Options between which nothing was measured that ranks them. */
export interface Tier {
  readonly options: readonly Option[];
  /** The criterion that sets it behind the tier before; undefined for the first. */
  readonly behindBy?: Criterion;
}

type Split = (options: readonly Option[]) => (readonly Option[])[];

/** A storm has a peak of at least 10 times the steady rate of renewals, or it takes at least a tenth of a lifetime. */
const ORDER = 10;
/** A store is asked more from so many times on: commands are counted, and vary by a few percent. */
const BUSIER = 2;
/** A message's CPU counts as larger from so many times that of the baseline on. */
const DEAR = 1.25;

const splits: readonly (readonly [Criterion, Split])[] = [
  ['loss', (options) => apart(options, ({ loss }) => losses.indexOf(loss), isLess)],
  ['reconnects', (options) => apart(options, ({ reconnectsPerDay }) => reconnectsPerDay, isLess)],
  ['storm', byStorm],
  ['store', byStore],
  ['cpu', byCpu],
];

/**
 * Options from the best to the worst. Only exact facts, orders of magnitude and differences that the run found rank
 * them; options that are alike in all of these share a tier.
 */
export const tiersOf = (options: readonly Option[]): Tier[] => (options.length === 0 ? [] : refined(options, splits));

function refined(options: readonly Option[], [first, ...rest]: typeof splits): Tier[] {
  if (first === undefined) return [{ options }];
  const [criterion, split] = first;
  return split(options).flatMap((part, index) => {
    const [head, ...others] = refined(part, rest);
    return [index === 0 ? head! : { ...head!, behindBy: criterion }, ...others];
  });
}

const isLess = (a: number, b: number): boolean => a < b;

/** Sorts by a value, and cuts wherever the next one is really larger. */
function apart(
  options: readonly Option[],
  valueOf: (option: Option) => number,
  isCut: (before: number, next: number) => boolean,
): Option[][] {
  const parts: Option[][] = [];
  let before = Number.NaN;
  for (const option of options.toSorted((a, b) => valueOf(a) - valueOf(b))) {
    const value = valueOf(option);
    if (isCut(before, value) || parts.length === 0) parts.push([option]);
    else parts.at(-1)!.push(option);
    before = value;
  }
  return parts.map((part) => inOrder(options, part));
}

/** Within a part the measured order means nothing, so that the given order is kept. */
const inOrder = (options: readonly Option[], part: readonly Option[]): Option[] =>
  options.filter((option) => part.includes(option));

/** Not compared where the storm of one of them was not measured. */
function byStorm(options: readonly Option[]): (readonly Option[])[] {
  if (options.some(({ cost }) => cost.renewalsPerSecond > 0 && cost.storm === undefined)) return [options];
  return apart(options, stormOf, isLess);
}

/**
 * Returns 0 for no storm, 1 for a storm, and 2 for a storm that signs clients out by mistake. Two peaks are not compared: on a
 * slower machine, a peak is lower and takes longer.
 */
function stormOf({ cost: { storm } }: Option): number {
  if (storm === undefined) return 0;
  if (storm.falseLogouts > 0) return 2;
  const { peak, steady, calmAfter, lifetime } = storm;
  return peak >= ORDER * steady || ORDER * calmAfter >= lifetime ? 1 : 0;
}

/** Not compared where it was not measured for one of them, as on one node. */
function byStore(options: readonly Option[]): (readonly Option[])[] {
  if (options.some(({ cost }) => cost.storeCommandsPerSecond === undefined)) return [options];
  return apart(
    options,
    ({ cost }) => cost.storeCommandsPerSecond!,
    (before, next) => next >= BUSIER * before,
  );
}

/** Cuts where no interval of the cheaper ones reaches the interval of the next. */
function byCpu(options: readonly Option[]): (readonly Option[])[] {
  const isDear = ({ cost: { cpu } }: Option) =>
    cpu !== undefined && cpu.significant && cpu.low > Math.max(DEAR, cpu.floor);
  const lowOf = (option: Option) => (isDear(option) ? option.cost.cpu!.low : 0);
  const parts: Option[][] = [];
  let reach = -1;
  for (const option of options.toSorted((a, b) => lowOf(a) - lowOf(b))) {
    if (lowOf(option) > reach) parts.push([]);
    parts.at(-1)!.push(option);
    reach = Math.max(reach, DEAR, highOf(option.cost.cpu));
  }
  return parts.map((part) => inOrder(options, part));
}

const highOf = (cpu: CpuRatio | undefined): number => (cpu === undefined ? Infinity : Math.max(cpu.high, cpu.floor));
