/** How arms take turns under a load, in each repetition. Times in seconds. */
interface Load {
  readonly warmUp: number;
  readonly turn: number;
  readonly rounds: number;
}

/** How much of everything a run measures. Times in seconds. */
export interface Profile {
  readonly id: string;
  readonly summary: string;
  /** Of every order that is drawn. */
  readonly seed: number;
  readonly repetitions: number;
  readonly message: Load;
  readonly connection: Load;
  /** Connections of the message load, and clients that come and go at a time. */
  readonly connections: number;
  /** Messages in flight on each connection. */
  readonly inFlight: number;
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
  seed: 1,
  repetitions: 3,
  message: { warmUp: 2, turn: 0.35, rounds: 6 },
  connection: { warmUp: 0.4, turn: 0.4, rounds: 4 },
  connections: 16,
  inFlight: 5,
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
    message: { warmUp: 0.2, turn: 0.2, rounds: 1 },
    connection: { warmUp: 0.1, turn: 0.2, rounds: 1 },
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
    repetitions: 12,
    message: { warmUp: 2.5, turn: 0.35, rounds: 14 },
    connection: { warmUp: 0.5, turn: 0.4, rounds: 6 },
    idle: [0, 1000, 2500, 5000],
    idleRepetitions: 3,
    httpSeconds: 4,
    verifySeconds: 1,
    probes: 5,
    expiryRepetitions: 3,
  },
];
