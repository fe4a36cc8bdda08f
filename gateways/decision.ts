import { type Clock, refused, type Verdict } from '../strategies/strategy.ts';

/** What `decide` answers; a decision that takes longer than `ms` is a refusal. Rejects where it throws. */
export function decisionWithin(clock: Clock, ms: number, decide: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => resolve(refused('unavailable')));
    void Promise.resolve().then(decide).then(resolve, reject).finally(cancel);
  });
}

/** What an error may tell a log: its class and code, never its message, which may quote a credential. */
export const nameOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}${'code' in error ? ` (${String(error.code)})` : ''}` : typeof error;
