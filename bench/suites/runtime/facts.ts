import type { MetricName } from '../../model/metrics.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { type Interval, median, middleRatio, pairedDifference, type Tested } from '../../stats/statistics.ts';
import { EARLY, LATE, QUIET, type SemiSpace, semiSpaces } from './configurations.ts';
import { exactShare } from './share.ts';

/**
 * MiB of both semi-spaces up to which a young generation is small: half of what V8's default of 16 MiB each makes on Node
 * 20. V8 doubles the size, so what has more is growing or has grown back.
 */
export const SMALL = 16;
/**
 * A process counts as pretenuring if its garbage collection takes more than this many times as long per message as that of the
 * reference, which cannot pretenure. It must do so in both measurements, because a full collection may fall into one of them. A
 * process with a small young generation does not count: it collects more often for that.
 */
export const PRETENURES = 2;
/** A larger young generation is worth its memory where it costs at most this share of CPU, by its whole interval. */
const WORTH = 0.95;
/** The defaults stay if small and pretenuring processes cost at most so many times as much, by the whole interval. */
const CHEAP = 1.05;
/** The share of intervals that miss what they are to hold. */
const ALPHA = 0.05;

/** How many of some processes are of a kind. */
export interface Count {
  readonly processes: number;
  readonly seen: number;
  readonly share: Interval;
}

/** The costs of processes after LATE messages; undefined where there is no figure. */
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
  /** Those with a small young generation at first, and at last. */
  readonly smallAtFirst: Count;
  readonly small: Count;
  readonly pretenuring: Count;
  /** MiB of both semi-spaces at last: the smallest and the largest that a process had; undefined where none was seen. */
  readonly sizes: readonly [least: number, most: number] | undefined;
  /** Of all processes; of the two kinds apart where there are both, since no one figure stands for such a mixture. */
  readonly costs: Costs | { readonly pretenuring: Costs; readonly others: Costs };
}

/** What a user of one Node should do. */
export interface Advice {
  /** Whether CPU was compared with an interval at any other size: without, a larger size had no chance. */
  readonly compared: boolean;
  /** The default stays where it is `default`. */
  readonly semiSpace: SemiSpace;
  /** Against processes under the defaults that do not pretenure, by pairs of the same round. */
  readonly cpu: Tested | undefined;
  readonly memory: Tested | undefined;
}

export interface NodeFacts {
  /** As `v20.19.0`. */
  readonly node: string;
  readonly settings: readonly SettingFacts[];
  /** CPU of a message under the defaults against 16 MiB: while the young generation is small, and where V8 pretenures. */
  readonly smallCost: Tested | undefined;
  readonly pretenuringCost: Tested | undefined;
  /** Undefined if no process was seen under the defaults, or if no size is known to keep every young generation large. */
  readonly advice: Advice | undefined;
}

/** One figure a round; NaN where the process has none. `ratio` is its CPU against that of the reference, `gc` the least of both measurements. */
type Figures = Readonly<Record<'cpu' | 'ratio' | 'gc' | 'size' | 'memory', readonly number[]>>;
type FiguresOf = (semiSpace: SemiSpace, quiet?: number, after?: number) => Figures;

/** Whether each of the three counts knows at least one process. */
export const isSeen = ({ smallAtFirst, small, pretenuring }: SettingFacts): boolean =>
  [smallAtFirst, small, pretenuring].every(({ processes }) => processes > 0);

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
  const of: FiguresOf = (semiSpace, quiet = QUIET, after = LATE) => figuresOf(cells, { semiSpace, quiet, after });
  const settings = [settingFacts('default', 0, of), ...semiSpaces.map((size) => settingFacts(size, QUIET, of))];
  /** One process under the defaults in each round that has one of the kind. */
  const ofKind = (isKind: Kind, after = LATE): Figures =>
    either(only(of('default', QUIET, after), isKind), only(of('default', 0, after), isKind));
  const smallCost = ratioOf(of(16, QUIET, EARLY), ofKind(isSmall, EARLY));
  const pretenuringCost = ratioOf(of(16), ofKind(isPretenuring));
  const byDefault = settings.filter(({ semiSpace }) => semiSpace === 'default');
  const isDear = (kinds: readonly ('smallAtFirst' | 'small' | 'pretenuring')[], cost: Tested | undefined): boolean =>
    byDefault.some((one) => kinds.some((kind) => one[kind].seen > 0)) && !((cost?.high ?? NaN) <= CHEAP);
  const dear = isDear(['smallAtFirst', 'small'], smallCost) || isDear(['pretenuring'], pretenuringCost);
  const advice = byDefault.some(isSeen) ? adviceOf({ dear, settings, of, defaults: ofKind(isOther) }) : undefined;
  return { node, settings, smallCost, pretenuringCost, advice };
}

function figuresOf(
  cells: readonly Cell[],
  { semiSpace, quiet, after }: { readonly semiSpace: SemiSpace; readonly quiet: number; readonly after: number },
): Figures {
  const blocks = (name: MetricName, when = after): number[] => {
    const cell = cells.find(
      ({ metric, params }) =>
        metric === name &&
        params['youngGeneration'] === semiSpace &&
        params['quiet'] === quiet &&
        params['after'] === when,
    );
    return (cell?.blocks ?? []).map((value) => value ?? NaN);
  };
  const [garbageAtFirst, garbage] = [EARLY, LATE].map((when) => blocks('gc-against-reference', when));
  return {
    cpu: blocks('server-cpu-per-message'),
    ratio: blocks('cpu-against-reference'),
    gc: garbageAtFirst!.map((early, round) => Math.min(early, garbage![round] ?? NaN)),
    size: blocks('young-generation'),
    memory: blocks('resident-memory'),
  };
}

function settingFacts(semiSpace: SemiSpace, quiet: number, of: FiguresOf): SettingFacts {
  const own = of(semiSpace, quiet);
  const size = finite(own.size);
  const pretenuring = countOf(own, 'gc', isPretenuring);
  const base = semiSpace === 16 ? undefined : of(16);
  const costs = (isKind: Kind): Costs => costsOf(only(own, isKind), base);
  return {
    semiSpace,
    quiet,
    smallAtFirst: countOf(of(semiSpace, quiet, EARLY), 'size', isSmall),
    small: countOf(own, 'size', isSmall),
    pretenuring,
    sizes: size.length === 0 ? undefined : [Math.min(...size), Math.max(...size)],
    costs:
      pretenuring.seen === 0 || pretenuring.seen === pretenuring.processes
        ? costs(() => true)
        : { pretenuring: costs(isPretenuring), others: costs(isOther) },
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

/** The input of the advice for one Node. */
interface Grounds {
  /** Whether it is not shown that the defaults cost at most `CHEAP`. */
  readonly dear: boolean;
  readonly settings: readonly SettingFacts[];
  readonly of: FiguresOf;
  /** Processes under the defaults that do not pretenure. */
  readonly defaults: Figures;
}

/** The default, or if it is dear, the smallest size under which no process was small; a larger one where it is worth its memory. */
function adviceOf({ dear, settings, of, defaults }: Grounds): Advice | undefined {
  const fixed = settings.filter(({ semiSpace, small }) => semiSpace !== 'default' && small.processes > 0);
  const holding: readonly SemiSpace[] = fixed
    .filter(({ small, smallAtFirst }) => small.seen === 0 && smallAtFirst.seen === 0 && smallAtFirst.processes > 0)
    .map(({ semiSpace }) => semiSpace);
  const [start, ...others] = dear ? holding : (['default', ...holding] as const);
  if (start === undefined) return undefined;
  const figures = (semiSpace: SemiSpace): Figures => (semiSpace === 'default' ? defaults : of(semiSpace));
  const most = (than: SemiSpace, size: SemiSpace): number =>
    ratioOf(figures(than), of(size), ALPHA / others.length)?.high ?? NaN;
  const semiSpace = others.reduce((best, size) => (most(best, size) <= WORTH ? size : best), start);
  return {
    semiSpace,
    compared: others.some((size) => !Number.isNaN(most(start, size))),
    cpu: ratioOf(defaults, figures(semiSpace)),
    memory: pairedDifference(figures(semiSpace).memory, defaults.memory),
  };
}

/** The CPU of `b` against that of `a`, by pairs of the same round. */
const ratioOf = (a: Figures, b: Figures, alpha = ALPHA): Tested | undefined =>
  middleRatio(
    b.ratio.map((value, round) => value / (a.ratio[round] ?? NaN)),
    alpha,
  );

/** Whether a process is of a kind, by its figures. */
type Kind = (process: { readonly size: number; readonly gc: number }) => boolean;

const isSmall: Kind = ({ size }) => size <= SMALL;
const isPretenuring: Kind = ({ size, gc }) => gc > PRETENURES && !isSmall({ size, gc });
const isOther: Kind = ({ size, gc }) => Number.isFinite(gc) && !isPretenuring({ size, gc });

/** Counts the processes of a kind, among those that have the figure. */
function countOf({ size, gc }: Figures, by: 'size' | 'gc', isKind: Kind): Count {
  const known = (by === 'size' ? size : gc).flatMap((value, round) => (Number.isFinite(value) ? [round] : []));
  const seen = known.filter((round) => isKind({ size: size[round] ?? NaN, gc: gc[round] ?? NaN })).length;
  return { processes: known.length, seen, share: exactShare(seen, known.length) };
}

/** The figures of processes of a kind, each in its round. */
function only({ cpu, ratio, gc, size, memory }: Figures, isKind: Kind): Figures {
  const kept = (values: readonly number[]) =>
    values.map((value, round) => (isKind({ size: size[round] ?? NaN, gc: gc[round] ?? NaN }) ? value : NaN));
  return { cpu: kept(cpu), ratio: kept(ratio), gc: kept(gc), size: kept(size), memory: kept(memory) };
}

/** The figures of `a`, and in rounds where it has no memory those of `b`. */
function either(a: Figures, b: Figures): Figures {
  const rounds = Array.from({ length: Math.max(a.memory.length, b.memory.length) }, (_, round) => round);
  const taken = rounds.map((round) => (Number.isFinite(a.memory[round]) ? a : b));
  const of = (key: keyof Figures) => rounds.map((round) => taken[round]![key][round] ?? NaN);
  return { cpu: of('cpu'), ratio: of('ratio'), gc: of('gc'), size: of('size'), memory: of('memory') };
}

const finite = (values: readonly number[]): number[] => values.filter((value) => Number.isFinite(value));
const middle = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : median(values));
