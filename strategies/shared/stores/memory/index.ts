import { type Clock, systemClock } from '../../clock.ts';
import type { Stores } from '../stores.ts';
import { MemoryAttempts } from './attempts.ts';
import { MemoryRefreshFamilies } from './families.ts';
import { MemoryRevocations } from './revocations.ts';
import { ClockedMemoryStore } from './sessions.ts';
import { MemorySignIns } from './sign-ins.ts';

/**
 * For an application that is one process: nothing here is seen by another one, or survives this one. So after a restart
 * every user has to sign in again (hardened).
 */
export function memoryStores(clock: Clock = systemClock): Stores {
  const revocations = new MemoryRevocations(clock);
  return {
    revocations,
    families: new MemoryRefreshFamilies((subject) => revocations.epochOf(subject)),
    sessions: new ClockedMemoryStore(clock),
    attempts: new MemoryAttempts(clock),
    signIns: new MemorySignIns(clock),
  };
}
