import { AuthError } from '../errors.ts';
import type { RefusalAction } from '../refusals.ts';

/** The action that helps after each failure. The words stand apart, so that a page loads them only if it shows them. */
const failureActions = {
  'no-answer': 'retry',
  'connection-lost': 'retry',
  'server-unreachable': 'retry',
  'origin-or-cors-refused': 'retry',
  'message-too-large': 'stop',
  'token-unavailable': 'retry',
  disconnected: 'stop',
  closed: 'stop',
} as const satisfies Readonly<Record<string, RefusalAction>>;

export type FailureCode = keyof typeof failureActions;

/**
 * Failures that a client finds out by itself, without a refusal of the server. Codes never change within a major version; messages
 * may. `action` is as in the table of refusals: `retry` may succeed later, `stop` does not.
 */
export const failures: Readonly<Record<FailureCode, FailureRow>> = {
  'no-answer': { action: 'retry', message: 'No answer came in time; the server may have handled this' },
  'connection-lost': { action: 'retry', message: 'The connection was lost; the server may have handled this' },
  'server-unreachable': { action: 'retry', message: 'The server could not be reached' },
  'origin-or-cors-refused': {
    action: 'retry',
    message: 'The server answers, but refused this page or its WebSocket: check origins, CORS and the proxy',
  },
  'message-too-large': { action: 'stop', message: 'The message is larger than the server accepts' },
  'token-unavailable': { action: 'retry', message: 'getToken failed' },
  disconnected: { action: 'stop', message: 'The server disconnected this client' },
  closed: { action: 'stop', message: 'The connection was closed by this client' },
} satisfies { readonly [Code in FailureCode]: FailureRow & { readonly action: (typeof failureActions)[Code] } };

interface FailureRow {
  readonly action: RefusalAction;
  readonly message: string;
}

/** A failure that the server has not explained. `failures[code].message` says it in words. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: FailureCode;
  /** Only a server can say this. */
  readonly retryAfter = undefined;

  constructor(code: FailureCode, options?: ErrorOptions) {
    super(`Failed: ${code}`, options);
    this.code = code;
  }

  get action(): RefusalAction {
    return failureActions[this.code];
  }
}

/** The errors of a connection. Both have a `code` and an `action`. */
export type Failure = AuthError | ConnectionError;

const isFailure = (error: unknown): error is Failure => error instanceof AuthError || error instanceof ConnectionError;

/** A failure as it is; `no-answer` for a timeout, and `unavailable` for anything else. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  if ((error as Partial<Error> | undefined)?.name === 'TimeoutError') {
    return new ConnectionError('no-answer', { cause: error });
  }
  return new AuthError('unavailable', { cause: error });
}

/** The same, where anything else is this failure. */
export const failureOr = (code: FailureCode, error: unknown): Failure =>
  isFailure(error) ? error : new ConnectionError(code, { cause: error });
