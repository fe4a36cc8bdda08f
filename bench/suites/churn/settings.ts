import type { Load } from '../../model/profiles.ts';

export interface ConnectionSettings {
  readonly connection: Load;
  /** Repetitions that have the connection load too. */
  readonly connectionRepetitions: number;
}

export interface MemorySettings {
  /** Idle connections at which memory is read; the slope over them is reported. */
  readonly idle: readonly number[];
  readonly idleRepetitions: number;
}

export interface ChurnSettings extends ConnectionSettings, MemorySettings {
  readonly httpSeconds: number;
  readonly httpRepetitions: number;
}

export const settings = {
  default: {
    connection: { warmUp: 0.06, slice: 0.08, rounds: 2 },
    connectionRepetitions: 6,
    idle: [0, 200],
    idleRepetitions: 1,
    httpSeconds: 0.3,
    httpRepetitions: 0,
  },
  smoke: { connection: { warmUp: 0.1, slice: 0.1, rounds: 1 }, idle: [0, 50], httpSeconds: 0.2, httpRepetitions: 1 },
  full: {
    connection: { warmUp: 0.1, slice: 0.12, rounds: 3 },
    connectionRepetitions: 12,
    idle: [0, 2500, 5000, 10_000],
    httpSeconds: 1,
    httpRepetitions: 1,
  },
} satisfies { readonly default: ChurnSettings } & Record<string, Partial<ChurnSettings>>;
