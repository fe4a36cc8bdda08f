import { type VariantName, variantNames } from '../strategies/strategy.ts';
import type { Cores } from '../harness/launch.ts';
import type { Role } from './run-file.ts';

/** How entries take time slices in each repetition. Times in seconds. */
interface Load {
  readonly warmUp: number;
  readonly slice: number;
  readonly rounds: number;
}

/** How much of everything a run measures. Times in seconds. */
export interface Profile {
  readonly id: string;
  readonly summary: string;
  /** Its RESULTS.md stays beside the run, and is not the project's. */
  readonly beside?: true;
  readonly suites: readonly string[];
  readonly roles: readonly Role[];
  /** Of the strategies, those variants that take part. */
  readonly variants: readonly VariantName[];
  /** Of the controls, those that take part. */
  readonly controls: readonly string[];
  /** Whether its figures claim anything: otherwise whatever can runs side by side. */
  readonly claims: boolean;
  /** Where servers and generator stay; nowhere where they cannot, or are not to. */
  readonly cores?: Cores | undefined;
  /** Of every order that is drawn. */
  readonly seed: number;
  readonly repetitions: number;
  /** Servers that are up at once, the baseline among them. */
  readonly groupSize: number;
  readonly message: Load;
  /** Open loops: messages a second, or that share of what was measured at saturation; none in a profile that skips them. */
  readonly paced: Load & { readonly perSecond: readonly number[]; readonly shares: readonly number[] };
  /** The guards alone, in seconds of CPU. */
  readonly decision: Load;
  readonly decisionRepetitions: number;
  readonly connection: Load;
  /** Repetitions that have the connection load too. */
  readonly connectionRepetitions: number;
  /** Connections of the message load, and clients that come and go at a time. */
  readonly connections: number;
  /** Messages in flight on each connection. */
  readonly inFlight: number;
  /** Idle connections at which memory is read; the slope over them is reported. */
  readonly idle: readonly number[];
  readonly idleRepetitions: number;
  readonly httpSeconds: number;
  readonly httpRepetitions: number;
  readonly scalingRepetitions: number;
  readonly verifySeconds: number;
  /** Lifetime of every credential in the expiry suite, and how many lifetimes an honest client goes through. */
  readonly lifetime: number;
  readonly lifetimes: number;
  readonly probes: number;
  readonly expiryRepetitions: number;
  /** Connections of the suite scale, each of which ends once. */
  readonly scaleProbes: number;
  /** Clients whose credentials end at once. */
  readonly stormSockets: number;
  /** Clients of a node that restarts. */
  readonly restartSockets: number;
  /** Seconds that all nodes are loaded for, by messages and by clients that come and go. */
  readonly scaleSeconds: number;
  /** Server processes of each Node and size of its young generation in the suite runtime. */
  readonly runtimeProcesses: number;
}

const quick: Profile = {
  id: 'quick',
  summary: 'the default: every strategy in both variants, 7 to 9 minutes on 2 cores',
  suites: ['parse-cost', 'guard-cost', 'verify-time', 'churn', 'expiry'],
  roles: ['baseline', 'twin', 'control', 'strategy'],
  variants: variantNames,
  controls: ['_busy-20us'],
  claims: true,
  seed: 1,
  repetitions: 9,
  groupSize: 14,
  message: { warmUp: 0.12, slice: 0.05, rounds: 6 },
  paced: { warmUp: 0.2, slice: 0.5, rounds: 2, perSecond: [], shares: [] },
  decision: { warmUp: 0.02, slice: 0.008, rounds: 5 },
  decisionRepetitions: 9,
  connection: { warmUp: 0.08, slice: 0.1, rounds: 2 },
  connectionRepetitions: 6,
  connections: 16,
  inFlight: 5,
  idle: [0, 400],
  idleRepetitions: 1,
  httpSeconds: 0.3,
  httpRepetitions: 1,
  scalingRepetitions: 1,
  verifySeconds: 0.03,
  lifetime: 4,
  lifetimes: 2,
  probes: 2,
  expiryRepetitions: 1,
  scaleProbes: 40,
  stormSockets: 1000,
  restartSockets: 200,
  scaleSeconds: 0.5,
  runtimeProcesses: 12,
};

export const profiles: readonly Profile[] = [
  {
    ...quick,
    id: 'smoke',
    summary: 'proves that it runs, by the hardened variants, under a minute, and claims nothing',
    variants: ['hardened'],
    claims: false,
    repetitions: 1,
    message: { warmUp: 0.02, slice: 0.1, rounds: 1 },
    decision: { warmUp: 0.005, slice: 0.002, rounds: 1 },
    decisionRepetitions: 1,
    connection: { warmUp: 0.1, slice: 0.1, rounds: 1 },
    idle: [0, 50],
    httpSeconds: 0.2,
    verifySeconds: 0.02,
    lifetime: 2,
    lifetimes: 1,
    probes: 1,
    scaleProbes: 5,
    stormSockets: 50,
    restartSockets: 20,
    scaleSeconds: 0.2,
    runtimeProcesses: 2,
  },
  {
    ...quick,
    id: 'brief',
    summary: 'the experiment of one claim: few repetitions, wide intervals, under a minute',
    repetitions: 6,
    message: { warmUp: 0.12, slice: 0.05, rounds: 6 },
    decisionRepetitions: 6,
    lifetime: 2,
    lifetimes: 2,
    runtimeProcesses: 4,
  },
  quick,
  {
    ...quick,
    id: 'full',
    summary: 'peers, platform layers, scaling, a second load, latency, memory to 10,000 connections; 45 to 55 minutes',
    suites: ['parse-cost', 'guard-cost', 'verify-time', 'churn', 'platform-floor', 'scaling', 'expiry', 'generator'],
    roles: ['baseline', 'twin', 'control', 'strategy', 'peer', 'platform-layer'],
    controls: ['_busy-20us', '_busy-100us'],
    repetitions: 12,
    message: { warmUp: 0.12, slice: 0.05, rounds: 10 },
    paced: { warmUp: 0.1, slice: 0.35, rounds: 2, perSecond: [2000], shares: [0.5] },
    decision: { ...quick.decision, rounds: 12 },
    connection: { warmUp: 0.1, slice: 0.12, rounds: 4 },
    connectionRepetitions: 12,
    idle: [0, 2500, 5000, 10_000],
    httpSeconds: 1,
    httpRepetitions: 2,
    verifySeconds: 0.15,
    probes: 5,
    expiryRepetitions: 3,
    runtimeProcesses: 40,
  },
  {
    ...quick,
    id: 'nodes',
    summary:
      'several nodes over a Redis of their own, a storm of 10,000 renewals, restarts; takes redis-server; about 20 minutes',
    beside: true,
    suites: ['scale', 'storm'],
    roles: ['strategy'],
    scaleProbes: 100,
    stormSockets: 10_000,
    restartSockets: 2000,
    scaleSeconds: 3,
  },
];
