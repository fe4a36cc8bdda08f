import { performance } from 'node:perf_hooks';
import type { ClientConnection, Said } from '../app/client-connection.ts';

/** A connection, and whom its answers must name. */
export interface Speaker {
  readonly connection: ClientConnection;
  readonly subject: string;
}

/**
 * Sends `atOnce` messages on one connection, waits for all answers, and goes on with the next connection. Resolves with the
 * last answer after `signal` is aborted. `answered` gets each answer and the ms since its messages were sent.
 */
export function keepSaying(
  speakers: readonly Speaker[],
  atOnce: number,
  signal: AbortSignal,
  answered: (answer: Said, subject: string, ms: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let [sentAt, turn, open] = [0, 0, 0];
    const hear = (answer: Said): void => {
      const now = performance.now();
      answered(answer, speakers[turn]!.subject, now - sentAt);
      open -= 1;
      if (open > 0) return;
      turn = (turn + 1) % speakers.length;
      if (signal.aborted) resolve();
      else send(now);
    };
    const send = (now: number): void => {
      [sentAt, open] = [now, atOnce];
      for (let message = 0; message < atOnce; message++) speakers[turn]!.connection.say(hear);
    };
    send(performance.now());
  });
}

/** From `start` on, every `step`th below `end`. */
export const indices = (start: number, end: number, step: number): number[] =>
  Array.from({ length: Math.ceil((end - start) / step) }, (_, index) => start + index * step);
