import type { Load } from '../../model/profiles.ts';

/** Each profile's message load: the closed loop, and open loops at a rate or at a share of the capacity. */
export interface MessageSettings {
  /** Repetitions that have the peers too. */
  readonly peerRepetitions?: number;
  readonly message: Load;
  /** Messages a second, or that share of what was measured at saturation; both lists are empty where there is none. */
  readonly paced: Load & { readonly perSecond: readonly number[]; readonly shares: readonly number[] };
}

const noOpenLoop = { warmUp: 0.2, slice: 0.5, rounds: 2, perSecond: [], shares: [] };

export const settings = {
  default: { message: { warmUp: 0.1, slice: 0.025, rounds: 10 }, paced: noOpenLoop },
  smoke: { message: { warmUp: 0.02, slice: 0.1, rounds: 1 } },
  full: {
    // Two peers take most of the time to warm up, and a message costs them 13 times as much: fewer repetitions show that.
    peerRepetitions: 9,
    message: { warmUp: 0.1, slice: 0.05, rounds: 10 },
    paced: { warmUp: 0.1, slice: 0.25, rounds: 2, perSecond: [2000], shares: [0.5] },
  },
} satisfies { readonly default: MessageSettings } & Record<string, Partial<MessageSettings>>;
