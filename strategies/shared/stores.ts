import type { Store } from 'express-session';
import { type Attempts, MemoryAttempts } from './attempts.ts';
import type { Clock } from './clock.ts';
import { ClockedMemoryStore } from './memory-sessions.ts';
import { MemoryRefreshFamilies, type RefreshFamilies } from './refresh-families.ts';
import { MemoryRevocations, type Revocations } from './revocations.ts';

/** What every node of an application must see alike. */
export interface Stores {
  /** Who signed out, was banned or changed: remembered, and told to every node. */
  readonly revocations: Revocations;
  readonly families: RefreshFamilies;
  readonly sessions: Store;
  /** Sign-ins that failed, so that guesses are bounded on all nodes together. */
  readonly attempts: Attempts;
}

/**
 * For an application that is one process: nothing here is seen by another one, or survives this one. So after a restart
 * every user has to sign in again (hardened).
 */
export function memoryStores(clock: Clock): Stores {
  const revocations = new MemoryRevocations(clock);
  return {
    revocations,
    families: new MemoryRefreshFamilies((subject) => revocations.epochOf(subject)),
    sessions: new ClockedMemoryStore(clock),
    attempts: new MemoryAttempts(clock),
  };
}
