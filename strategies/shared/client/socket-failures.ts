import type { DisconnectDescription } from 'socket.io-client';
import { type AuthError, refusalOf } from '../errors.ts';
import { answers, isPage } from './browser.ts';
import { ConnectionError, type Failure } from './failures.ts';

/** WebSocket's close code for a message that the other side will not take. */
const TOO_LARGE = 1009;

/** The error that Socket.IO reports if a CONNECT fails: a refusal of the server, or an error of the transport. */
interface ConnectFailure extends Error {
  readonly data?: unknown;
  readonly type?: string;
  readonly description?: { readonly message?: string };
}

/** Why a CONNECT failed. `probe`: whether to find out if the server answers at all, where a browser does not tell. */
export async function whyNotOpened(cause: ConnectFailure, url: string, probe: boolean): Promise<Failure> {
  if (cause.type === 'TransportError') {
    // Only clients outside of browsers see the answer.
    const refused = /unexpected server response/i.test(cause.description?.message ?? '');
    const answered = refused || (probe && isPage() && (await answers(url)));
    return new ConnectionError(answered ? 'origin-or-cors-refused' : 'server-unreachable', { cause });
  }
  if (cause.message === 'timeout') return new ConnectionError('no-answer', { cause });
  return refusalOf(cause.data, { cause });
}

/** Why a connection was lost. `cut` is what the server told, if anything. */
export function whyLost(reason: string, cut: AuthError | undefined): Failure {
  return (
    cut ??
    new ConnectionError(reason === 'io server disconnect' ? 'disconnected' : 'connection-lost', { cause: reason })
  );
}

export const isTooLarge = (details: DisconnectDescription | undefined): boolean =>
  details !== undefined && 'context' in details && (details.context as { code?: number }).code === TOO_LARGE;
