import { type VariantName, variantNames } from '../../strategies/strategy.ts';
import type { Cores } from '../../harness/processes/launch.ts';
import type { Role } from './run-file.ts';

/** The time slices of an entry in each repetition. Times in seconds. */
export interface Load {
  readonly warmUp: number;
  readonly slice: number;
  readonly rounds: number;
}

/** What all suites of a run share. Each suite has settings of its own for each profile. */
export interface Profile {
  readonly id: string;
  readonly summary: string;
  /** Its RESULTS.md stays beside the run, and is not the project's. */
  readonly beside?: true;
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
  /** Connections of a load, and clients that come and go at a time. */
  readonly connections: number;
  /** Messages in flight on each connection. */
  readonly inFlight: number;
}

const quick: Profile = {
  id: 'quick',
  summary: 'the default: every strategy in both variants, about 6 minutes on 2 cores',
  roles: ['baseline', 'twin', 'control', 'strategy'],
  variants: variantNames,
  controls: ['_busy-20us'],
  claims: true,
  seed: 1,
  repetitions: 9,
  groupSize: 14,
  connections: 16,
  inFlight: 5,
};

export const profiles: readonly Profile[] = [
  {
    ...quick,
    id: 'smoke',
    summary: 'proves that it runs, by the hardened variants, under a minute, and claims nothing',
    variants: ['hardened'],
    claims: false,
    repetitions: 1,
  },
  {
    ...quick,
    id: 'brief',
    summary: 'few repetitions and wide intervals; about 4 minutes, or under a minute for a single claim',
    repetitions: 6,
  },
  quick,
  {
    ...quick,
    id: 'full',
    summary: 'peers, platform layers, scaling, a second load, latency, memory to 10,000 connections; about 35 minutes',
    roles: ['baseline', 'twin', 'control', 'strategy', 'peer', 'platform-layer'],
    controls: ['_busy-20us', '_busy-100us'],
    repetitions: 12,
  },
  {
    ...quick,
    id: 'nodes',
    summary:
      'several nodes over a Redis of their own, a storm of 10,000 renewals, restarts; takes redis-server; about 20 minutes',
    beside: true,
    roles: ['strategy'],
  },
];
