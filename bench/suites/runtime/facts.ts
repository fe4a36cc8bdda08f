import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import {
  type Interval,
  median,
  middleRatio,
  pairedDifference,
  type Tested,
  unpairedRatio,
} from '../../stats/statistics.ts';
import { QUIET, type SemiSpace, semiSpaces } from './configurations.ts';
import { exactShare } from './share.ts';

/**
 * MiB of both semi-spaces up to which a young generation is small: half of what V8's default of 16 MiB each makes on Node
 * 20. V8 doubles the size, so what has more is growing or has grown back.
 */
export const SMALL = 16;
/** A larger young generation is worth its memory where it costs at most this share of CPU, by its whole interval. */
const WORTH = 0.95;
/** What a small young generation costs is worth no change where it is at most this, by its whole interval. */
const CHEAP = 1.05;
/** The share of intervals that miss what they are to hold. */
const ALPHA = 0.05;

/** What processes cost; undefined where there is no figure. */
export interface Costs {
  /** Processes, and those whose CPU counts. */
  readonly processes: number;
  readonly counted: number;
  /** us a message. */
  readonly cpu: number | undefined;
  /** Against the process with 16 MiB of the same round, each by its ratio to the reference. */
  readonly cpuAgainst16: Tested | undefined;
  /** MiB that are resident under load, and how many more than the process with 16 MiB of the same round has. */
  readonly memory: number | undefined;
  readonly memoryOver16: Tested | undefined;
}

/** The processes of one Node under one size, and with one quiet time before their load. */
export interface SettingFacts {
  readonly semiSpace: SemiSpace;
  /** Seconds. */
  readonly quiet: number;
  /** Processes whose young generation was seen, and how many of them were small. */
  readonly processes: number;
  readonly small: number;
  readonly share: Interval;
  /** MiB of both semi-spaces: the smallest and the largest that a process had; undefined where none was seen. */
  readonly sizes: readonly [least: number, most: number] | undefined;
  /** Of all processes; of the two kinds apart where there are both, since no one figure stands for such a mixture. */
  readonly costs: Costs | { readonly small: Costs; readonly grown: Costs };
}

/** What a user of one Node should do. */
export interface Advice {
  /** Whether CPU was compared with an interval at any other size: without, a larger size had no chance. */
  readonly compared: boolean;
  /** The default stays where it is `default`. */
  readonly semiSpace: SemiSpace;
  /** Against processes under the default that are not small, by pairs of the same round. */
  readonly cpu: Tested | undefined;
  /** MiB more than processes under the default that are not small have, by pairs of the same round. */
  readonly memory: Tested | undefined;
}

export interface NodeFacts {
  /** As `v20.19.0`. */
  readonly node: string;
  readonly settings: readonly SettingFacts[];
  /** Whether any process was small under the default; undefined where none was seen. */
  readonly affected: boolean | undefined;
  /** CPU of a message in a small process against one that is not, both under the default. */
  readonly smallCost: Tested | undefined;
  /** Undefined where under each size some process was small. */
  readonly advice: Advice | undefined;
}

/** One figure a round; NaN where the process has none. `ratio` is its CPU against that of the reference. */
type Figures = Readonly<Record<'cpu' | 'ratio' | 'size' | 'memory', readonly number[]>>;

/** What a run found for each Node, the oldest first. */
export function factsOf({ cells }: Pick<Run, 'cells'>): NodeFacts[] {
  const own = cells.filter(({ suite }) => suite === 'runtime');
  const nodes = [...new Set(own.map(({ params }) => String(params['node'])))];
  return nodes
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((node) =>
      nodeFacts(
        node,
        own.filter(({ params }) => params['node'] === node),
      ),
    );
}

function nodeFacts(node: string, cells: readonly Cell[]): NodeFacts {
  const of = (semiSpace: SemiSpace, quiet: number = QUIET): Figures => figuresOf(cells, semiSpace, quiet);
  const settings = [
    settingFacts('default', 0, of('default', 0), of(16)),
    ...semiSpaces.map((semiSpace) => settingFacts(semiSpace, QUIET, of(semiSpace), of(16))),
  ];
  const byDefault = settings.filter(({ semiSpace, processes }) => semiSpace === 'default' && processes > 0);
  const affected = byDefault.length === 0 ? undefined : byDefault.some(({ small }) => small > 0);
  const smallCost = smallCostOf([of('default'), of('default', 0)]);
  const dear = affected === true && !((smallCost?.high ?? NaN) <= CHEAP);
  const advice = affected === undefined ? undefined : adviceOf(dear, settings, of);
  return { node, settings, affected, smallCost, advice };
}

function figuresOf(cells: readonly Cell[], semiSpace: SemiSpace, quiet: number): Figures {
  const blocks = (name: MetricName): number[] => {
    const cell = cells.find(
      ({ metric, params }) => metric === name && params['youngGeneration'] === semiSpace && params['quiet'] === quiet,
    );
    return (cell?.blocks ?? []).map((value) => value ?? NaN);
  };
  return {
    cpu: blocks('server-cpu-per-message'),
    ratio: blocks('cpu-against-reference'),
    size: blocks('young-generation'),
    memory: blocks('resident-memory'),
  };
}

function settingFacts(semiSpace: SemiSpace, quiet: number, own: Figures, base: Figures): SettingFacts {
  const size = finite(own.size);
  const small = size.filter(isSmall).length;
  const costs = (kind: Figures): Costs => costsOf(kind, semiSpace === 16 ? undefined : base);
  return {
    semiSpace,
    quiet,
    processes: size.length,
    small,
    share: exactShare(small, size.length),
    sizes: size.length === 0 ? undefined : [Math.min(...size), Math.max(...size)],
    costs:
      small === 0 || small === size.length
        ? costs(own)
        : { small: costs(only(own, isSmall)), grown: costs(only(own, isGrown)) },
  };
}

const costsOf = (own: Figures, base: Figures | undefined): Costs => ({
  processes: finite(own.memory).length,
  counted: finite(own.cpu).length,
  cpu: middle(finite(own.cpu)),
  cpuAgainst16: base && ratioOf(base, own),
  memory: middle(finite(own.memory)),
  memoryOver16: base && pairedDifference(own.memory, base.memory),
});

/**
 * The default where no process was small or that costs little, and otherwise the smallest size under which none was; a
 * larger one where it is worth its memory.
 */
function adviceOf(
  dear: boolean,
  settings: readonly SettingFacts[],
  of: (semiSpace: SemiSpace, quiet?: number) => Figures,
): Advice | undefined {
  const fixed = settings.filter(({ semiSpace, processes }) => semiSpace !== 'default' && processes > 0);
  const holding: readonly SemiSpace[] = fixed.filter(({ small }) => small === 0).map(({ semiSpace }) => semiSpace);
  const [start, ...others] = dear ? holding : (['default', ...holding] as const);
  if (start === undefined) return undefined;
  const most = (than: SemiSpace, size: SemiSpace) => ratioOf(of(than), of(size), ALPHA / others.length)?.high ?? NaN;
  const semiSpace = others.reduce((best, size) => (most(best, size) <= WORTH ? size : best), start);
  const grown = either(only(of('default'), isGrown), only(of('default', 0), isGrown));
  return {
    semiSpace,
    compared: others.some((size) => !Number.isNaN(most(start, size))),
    cpu: ratioOf(grown, of(semiSpace)),
    memory: pairedDifference(of(semiSpace).memory, grown.memory),
  };
}

/** The CPU of `b` against that of `a`, by pairs of the same round. */
const ratioOf = (a: Figures, b: Figures, alpha = ALPHA): Tested | undefined => middleRatio(ratiosOf(a, b), alpha);

const ratiosOf = (a: Figures, b: Figures): number[] => b.ratio.map((value, round) => value / (a.ratio[round] ?? NaN));

/** Small against grown, each by its ratio to the reference of its round: a slow minute drops out. */
function smallCostOf(processes: readonly Figures[]): Tested | undefined {
  const ratios = (isKind: (size: number) => boolean) => finite(processes.flatMap((one) => only(one, isKind).ratio));
  return unpairedRatio(ratios(isGrown), ratios(isSmall));
}

/** The figures of processes whose size is of a kind, each in its round. */
function only({ cpu, ratio, size, memory }: Figures, isKind: (size: number) => boolean): Figures {
  const kept = (values: readonly number[]) => values.map((value, round) => (isKind(size[round] ?? NaN) ? value : NaN));
  return { cpu: kept(cpu), ratio: kept(ratio), size: kept(size), memory: kept(memory) };
}

/** The figures of `a`, and in rounds where it has no size those of `b`. */
function either(a: Figures, b: Figures): Figures {
  const rounds = Array.from({ length: Math.max(a.size.length, b.size.length) }, (_, round) => round);
  const taken = rounds.map((round) => (Number.isFinite(a.size[round]) ? a : b));
  const of = (key: keyof Figures) => rounds.map((round) => taken[round]![key][round] ?? NaN);
  return { cpu: of('cpu'), ratio: of('ratio'), size: of('size'), memory: of('memory') };
}

const isSmall = (size: number): boolean => size <= SMALL;
const isGrown = (size: number): boolean => size > SMALL;

const finite = (values: readonly number[]): number[] => values.filter((value) => Number.isFinite(value));
const middle = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : median(values));
