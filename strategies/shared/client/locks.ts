import { isPage } from './browser.ts';
import { pause } from './client-promises.ts';
import { failureOf } from './failures.ts';

/** Runs tasks of one name one after the other. `navigator.locks` is one, for all tabs of an origin. */
export interface Locks {
  /** Resolves once `task` has. `signal` ends the wait for its turn, and not the task. */
  request(name: string, options: { signal?: AbortSignal }, task: () => Promise<unknown>): Promise<unknown>;
}

/** In ms: longer than any holder takes that is not frozen. */
const LONGEST_WAIT = 30_000;
const UNTIL_READABLE = 100;

/** For one client alone: whatever is asked of it runs in turn. */
export function inTurn(): Locks {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request(_, __, task) {
      const done = last.then(task);
      last = done.catch(() => {});
      return done;
    },
  };
}

/** Web Locks, which the tabs of an origin share. A page has them over TLS and on localhost. */
export const webLocks = (): Locks | undefined =>
  isPage() ? (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks : undefined;

/**
 * Runs `task` in its turn, and returns what it does.
 * @throws AuthError or ConnectionError: `no-answer` if another tab does not let go in time; whatever `task` fails with
 */
export function exclusively<T>(locks: Locks, name: string, task: () => Promise<T>): Promise<T> {
  // Platforms without Web Locks may lack this as well.
  const signal = AbortSignal.timeout?.(LONGEST_WAIT);
  return new Promise((resolve, reject) => {
    const turn = async (): Promise<void> => {
      const done = task();
      resolve(done);
      await done.catch(() => {});
      // A browser lets the next tab go on before that tab can read what this one has written.
      if (isPage()) await pause(UNTIL_READABLE);
    };
    locks.request(name, signal === undefined ? {} : { signal }, turn).catch(reject);
  }).catch((error: unknown) => Promise.reject(failureOf(error))) as Promise<T>;
}
