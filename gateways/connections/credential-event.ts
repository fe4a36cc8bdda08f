import type { Socket } from 'socket.io';
import type { IssuedCredential, RefusalCode, RefusalNotice } from '../../strategies/strategy.ts';

/** The result of a CONNECT, a renewal or a sign-in: the code of a refusal, and what the client is handed. Either may be missing. */
export interface Outcome {
  readonly code?: RefusalCode | undefined;
  readonly issued?: IssuedCredential | undefined;
}

/** Answers the event. */
export type CredentialAck = (answer: { credential: IssuedCredential } | { refused: RefusalNotice }) => void;

/** Calls `decide`, which must not reject, with each credential that a client sends as `event`. */
export function onCredential(
  socket: Socket,
  event: 'auth:renew' | 'auth:signin',
  decide: (credential: unknown, ack: CredentialAck) => Promise<void>,
): void {
  socket.on(event, (...args: unknown[]) => {
    const ack = args.at(-1);
    // Without a credential the ack comes in its place; no credential is a function.
    const credential = typeof args[0] === 'function' ? undefined : args[0];
    void decide(credential, typeof ack === 'function' ? (ack as CredentialAck) : () => {});
  });
}
