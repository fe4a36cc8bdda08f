import type { Socket } from 'socket.io-client';
import { AuthError, codeOf } from './errors.ts';

const LONGEST = 5000;
/** In ms: who asks for more patience than that is not heeded, since it may be anyone between here and the server. */
const MOST_PATIENCE = 60_000;

/** Exponential, with full jitter: after `attempts` that failed before, and beyond the ms that the server has asked for. */
export function backOff(attempts: number, retryAfter = 0): Promise<void> {
  const longest = Math.min(LONGEST, 100 * 2 ** attempts);
  const wait = Math.min(retryAfter, MOST_PATIENCE) + Math.random() * longest;
  return new Promise((resolve) => setTimeout(resolve, wait));
}

/** Promise.withResolvers, which Node has from 22 on. */
export function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/**
 * Opens a connection that does not reconnect by itself.
 * @throws AuthError with the code under which it was refused; `unavailable` where its transport closes before CONNECT is
 * answered, which is no `connect_error`, or where it was given up
 */
export function opened(socket: Socket, givenUp: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // A renewal meanwhile was faster: no event would tell.
    if (socket.connected) return resolve();
    const settle = (run: () => void) => {
      socket.off('connect', connected).off('connect_error', refusedBy).off('disconnect', lost);
      givenUp.removeEventListener('abort', lost);
      run();
    };
    const connected = () => settle(resolve);
    const refusedBy = (error: Error & { data?: { code?: string } }) =>
      settle(() => {
        socket.disconnect();
        reject(new AuthError(codeOf(error.data?.code), { cause: error }));
      });
    const lost = () => settle(() => reject(new AuthError('unavailable')));
    socket.once('connect', connected).once('connect_error', refusedBy).once('disconnect', lost);
    givenUp.addEventListener('abort', lost);
    socket.connect();
  });
}
