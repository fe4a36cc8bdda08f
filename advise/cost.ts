import { hasParams } from '../bench/model/cells.ts';
import type { MetricName } from '../bench/model/metrics.ts';
import { noiseOf, verdictOf } from '../bench/model/noise.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import { costText } from '../bench/report/consequence-text.ts';
import { type Row, SATURATED } from '../bench/report/rows.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import type { VariantName } from '../strategies/strategy.ts';
import { type Candidate, type Demand, isAlone, lifetimeMs, lifetimeOf } from './demand.ts';
import { onNodes } from './nodes.ts';

/** The CPU of a message against that of the no-auth baseline. */
export interface CpuRatio {
  readonly estimate: number;
  /** The 95% interval; the run cannot tell what lies within it. */
  readonly low: number;
  readonly high: number;
  /** Ratios up to this one are within the noise of the run. */
  readonly floor: number;
  readonly significant: boolean;
}

export interface Memory {
  readonly mebibytes: number;
  /** The largest number of connections that was measured. */
  readonly measuredTo: number;
  /** The kind of memory that was measured. */
  readonly of: 'resident memory' | 'heap';
}

/** All renewals of a population whose credentials ended at one moment. */
export interface Storm {
  /** Renewals per second at the peak. */
  readonly peak: number;
  /** Renewals per second of the same connections when their credentials end evenly over time. */
  readonly steady: number;
  /** Connections whose credentials ended together. */
  readonly connections: number;
  /** From the end until the last client was connected with a fresh credential, in ms; 0 where all were in time. */
  readonly calmAfter: number;
  /** How long the credentials lived, in ms. */
  readonly lifetime: number;
  /** Connections that were signed out though they had done nothing wrong. */
  readonly falseLogouts: number;
}

/** The cost of running a strategy under a demand. A figure is undefined if it was not measured. */
export interface Cost {
  /** CPU per message in words, such as `same (at most +8.1%)`. */
  readonly cpuText: string;
  readonly cpu: CpuRatio | undefined;
  /** Cores of the whole service: messages and renewals. */
  readonly cores: number | undefined;
  readonly memory: Memory | undefined;
  readonly renewalsPerSecond: number;
  /** Commands that a shared store gets per second, at most; undefined on one node too. */
  readonly storeCommandsPerSecond: number | undefined;
  readonly storm: Storm | undefined;
}

type Find = (metric: MetricName, params?: Cell['params']) => Cell | undefined;

/** From the run, and for renewals and the store from the run of several nodes. */
export function costOf(
  { id, variants }: Candidate,
  variant: VariantName,
  row: Row,
  demand: Demand,
  run: Run,
  nodes: Run | undefined,
): Cost {
  const find = finderOf(row);
  const message = find('server-cpu-per-message', SATURATED);
  const cpu = message && cpuRatioOf(run, message);
  const renewals = renewalsPerSecond(variants[variant], demand);
  return {
    cpuText: costText(run, message),
    cpu,
    cores: coresOf(cpu, renewals, demand, run, renewalMs(find, id, variant, demand, nodes)),
    memory: memoryOf(find, demand),
    renewalsPerSecond: renewals,
    storeCommandsPerSecond: storeCommands(id, variant, renewals, demand, nodes),
    storm: renewals === 0 ? undefined : stormOf(nodes, id, variant, variants[variant]),
  };
}

/** The cells of a row that are not void. */
const finderOf =
  (row: Row): Find =>
  (metric, params) => {
    const cell = row.cell(metric, params);
    return cell?.void === undefined ? cell : undefined;
  };

function cpuRatioOf(run: Run, cell: Cell): CpuRatio | undefined {
  if (cell.ratio === null) return undefined;
  const { estimate, ciLow, ciHigh } = cell.ratio;
  return {
    estimate,
    low: ciLow ?? 0,
    high: ciHigh ?? Infinity,
    floor: noiseOf(run, cell)?.floor ?? 1,
    significant: verdictOf(run, cell) === 'significant',
  };
}

/** Renewals per second. Clients that are asked ahead of the end renew more often than once per lifetime. */
const evenly = (connections: number, lifetime: number, { renewsAhead: [from, to] = [0, 0] }: Known): number =>
  (1000 * connections) / (lifetime * (1 - (from + to) / 2));

type Known = Candidate['variants'][VariantName];

function renewalsPerSecond(known: Known, demand: Demand): number {
  const { renewal } = known.supports;
  if (renewal === 'activity' || renewal === 'none') return 0;
  return evenly(demand.connections, lifetimeMs(lifetimeOf(known.supports), demand), known);
}

/** CPU of a renewal in ms. Where it was not measured, it is at most that of a new connection. */
function renewalMs(find: Find, id: string, variant: VariantName, demand: Demand, nodes: Run | undefined) {
  return (
    onNodes(nodes, id, variant, 'server-cpu-per-renewal', demand.nodes) ?? find('server-cpu-per-connection')?.median
  );
}

/** The baseline's CPU per message counts once: the auth's share is in the ratio, where the run found one. */
function coresOf(
  cpu: CpuRatio | undefined,
  renewals: number,
  { messagesPerSecond }: Demand,
  { cells }: Run,
  renewal: number | undefined,
): number | undefined {
  const baseline = cells.find(
    (cell) =>
      cell.role === 'baseline' &&
      cell.suite === 'parse-cost' &&
      cell.metric === 'server-cpu-per-message' &&
      cell.void === undefined &&
      hasParams(cell, SATURATED),
  );
  if (baseline === undefined || cpu === undefined || (renewals > 0 && renewal === undefined)) return undefined;
  const perMessage = baseline.median * (cpu.significant ? cpu.estimate : 1);
  return (messagesPerSecond * perMessage + renewals * 1000 * (renewal ?? 0)) / 1e6;
}

function memoryOf(find: Find, { connections }: Demand): Memory | undefined {
  const resident = find('rss-per-connection');
  const cell = resident ?? find('heap-per-connection');
  if (cell === undefined) return undefined;
  return {
    mebibytes: (connections * cell.median) / 1024,
    measuredTo: Number(cell.params['connections'] ?? 0),
    of: resident === undefined ? 'heap' : 'resident memory',
  };
}

/** Renewals, messages and what the nodes ask while nothing happens. */
function storeCommands(
  id: string,
  variant: VariantName,
  renewals: number,
  demand: Demand,
  nodes: Run | undefined,
): number | undefined {
  if (demand.nodes === 1 || isAlone(demand)) return undefined;
  const commands = (op: string) => onNodes(nodes, id, variant, 'store-commands', demand.nodes, { op });
  const [message, renewal] = [commands('rare message'), renewals === 0 ? 0 : commands('renewal')];
  if (message === undefined || renewal === undefined) return undefined;
  // A message asks the store anew once the last answer is stale. No connection can do that more often.
  const asking = Math.min(demand.messagesPerSecond, (1000 * demand.connections) / defaultLifetimes.sessionStaleness);
  return asking * message + renewals * renewal + demand.nodes * (commands('idle second') ?? 0);
}

function stormOf(nodes: Run | undefined, id: string, variant: VariantName, known: Known): Storm | undefined {
  const cellOf = (metric: MetricName) =>
    nodes?.cells.find(
      (cell) =>
        cell.suite === 'storm' &&
        cell.strategy === id &&
        cell.variant === variant &&
        cell.metric === metric &&
        cell.void === undefined &&
        cell.params['after'] === 'expiry' &&
        cell.params['jitter'] === undefined,
    );
  const [peak, calm, signedOut] = [cellOf('peak-renewals'), cellOf('calm-after'), cellOf('false-logouts')];
  if (peak === undefined || calm === undefined || signedOut === undefined) return undefined;
  const [connections, lifetime] = [Number(peak.params['sockets']), Number(peak.params['lifetime'])];
  return {
    peak: peak.median,
    steady: evenly(connections, lifetime, known),
    connections,
    calmAfter: calm.median,
    lifetime,
    falseLogouts: signedOut.median,
  };
}
