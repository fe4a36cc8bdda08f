/** How much of everything a run measures. Times in seconds. */
export interface Profile {
  readonly id: string;
  readonly summary: string;
  readonly repetitions: number;
  readonly warmUp: number;
  readonly measure: number;
  /** Connections of the message load, messages in flight on each, and clients that come and go at a time. */
  readonly connections: number;
  readonly inFlight: number;
  readonly churnWarmUp: number;
  readonly churn: number;
  /** Idle connections at which memory is read; the slope over them is reported. */
  readonly idle: readonly number[];
  readonly idleRepetitions: number;
  readonly httpSeconds: number;
  readonly verifySeconds: number;
  /** Lifetime of every credential in the expiry suite, and how many lifetimes an honest client goes through. */
  readonly lifetime: number;
  readonly lifetimes: number;
  readonly probes: number;
  readonly expiryRepetitions: number;
}

const quick: Profile = {
  id: 'quick',
  summary: 'the default: every strategy in both variants, under 6 minutes on 2 cores',
  repetitions: 3,
  warmUp: 0.8,
  measure: 2.5,
  connections: 16,
  inFlight: 5,
  churnWarmUp: 0.4,
  churn: 1.6,
  idle: [0, 300, 600],
  idleRepetitions: 1,
  httpSeconds: 1,
  verifySeconds: 0.15,
  lifetime: 4,
  lifetimes: 3,
  probes: 2,
  expiryRepetitions: 1,
};

export const profiles: readonly Profile[] = [
  {
    ...quick,
    id: 'smoke',
    summary: 'proves that everything runs, under a minute, and claims nothing',
    repetitions: 1,
    warmUp: 0.2,
    measure: 0.3,
    churn: 0.3,
    idle: [0, 50],
    verifySeconds: 0.02,
    lifetime: 3,
    lifetimes: 1,
    probes: 1,
  },
  quick,
  {
    ...quick,
    id: 'full',
    summary: 'more blocks, memory to 5,000 connections; under 45 minutes',
    repetitions: 10,
    churn: 3,
    idle: [0, 1000, 2500, 5000],
    idleRepetitions: 3,
    httpSeconds: 4,
    verifySeconds: 1,
    probes: 5,
    expiryRepetitions: 3,
  },
];
