import type { EventEmitter } from 'node:events';
import { type Clock, type RefusalCode, refusals, refused, type AuthDecision } from '../../strategies/strategy.ts';

/** What `decide` answers; a decision that takes longer than `ms` is a refusal. Rejects where it throws. */
export function decisionWithin(
  clock: Clock,
  ms: number,
  decide: () => AuthDecision | Promise<AuthDecision>,
): Promise<AuthDecision> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => resolve(refused('unavailable')));
    void Promise.resolve().then(decide).then(resolve, reject).finally(cancel);
  });
}

/** Runs `task` with a signal that aborts when `emitter` emits `event`: whoever waited for the task has left. */
export async function until<T>(
  emitter: Pick<EventEmitter, 'once' | 'off'>,
  event: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  emitter.once(event, leave);
  try {
    return await task(leaving.signal);
  } finally {
    emitter.off(event, leave);
  }
}

/** The code of a refusal. One that names no code that there is, as plain JavaScript can, is `unavailable`: it must refuse. */
export const codeOf = ({ code }: AuthDecision & { readonly admitted: false }): RefusalCode =>
  Object.hasOwn(refusals, code) ? code : 'unavailable';

/** What an error may tell a log: its class and code, never its message, which may quote a credential. */
export const nameOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}${'code' in error ? ` (${String(error.code)})` : ''}` : typeof error;

/** Whether a refusal ends the connection that it was told on: nothing more can be said there. */
export const endsConnection = (code: RefusalCode): boolean =>
  refusals[code].action === 'stop' || code === 'reconnect-required';
