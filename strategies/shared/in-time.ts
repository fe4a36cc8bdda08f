import type { Clock } from './clock.ts';
import { AuthError } from './errors.ts';

/**
 * Runs `run` now. Answers what it answers, or what `late` answers if that takes longer than `ms`. A throw of either rejects.
 * Without `late` it rejects with an AuthError `unavailable`.
 */
export function inTime<T>(
  clock: Pick<Clock, 'schedule'>,
  ms: number,
  run: () => T | Promise<T>,
  late: () => T | Promise<T> = unavailable,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => void called(late).then(resolve, reject));
    void called(run).then(resolve, reject).finally(cancel);
  });
}

/** A throw becomes a rejection. */
const called = async <T>(run: () => T | Promise<T>): Promise<T> => run();

const unavailable = (): never => {
  throw new AuthError('unavailable');
};
