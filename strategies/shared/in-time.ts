import type { Clock } from './clock.ts';
import { AuthError } from './errors.ts';

/** What `run` answers, or throws. @throws AuthError `unavailable` where it takes longer than `ms` */
export function inTime<T>(clock: Clock, ms: number, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => reject(new AuthError('unavailable')));
    void run().then(resolve, reject).finally(cancel);
  });
}
