/**
 * The action that helps a client after each refusal. Codes never change within a major version.
 * - `retry`: the same credential may pass later (back off, with jitter);
 * - `renew`: a fresh credential passes (renew, then try again);
 * - `stop`: neither helps; a person has to act.
 *
 * A browser needs no more of the table below: the server sends the words.
 */
export const refusalActions = {
  unauthenticated: 'stop',
  expired: 'renew',
  'roles-changed': 'renew',
  'reconnect-required': 'retry',
  revoked: 'stop',
  banned: 'stop',
  'token-reused': 'stop',
  'signed-in-elsewhere': 'stop',
  'subject-mismatch': 'stop',
  'renewal-unsupported': 'stop',
  'sign-in-unsupported': 'stop',
  'credential-unacknowledged': 'retry',
  forbidden: 'stop',
  'namespace-closed': 'stop',
  'already-connected': 'stop',
  'origin-refused': 'stop',
  'transport-unsupported': 'stop',
  'too-many-connects': 'retry',
  'too-many-connections': 'retry',
  'too-many-attempts': 'retry',
  'too-many-events': 'retry',
  'too-many-packets': 'retry',
  'too-slow': 'retry',
  'unknown-event': 'stop',
  'account-unsupported': 'stop',
  'bad-message': 'stop',
  rejected: 'stop',
  unavailable: 'retry',
  failed: 'retry',
} as const satisfies Readonly<Record<string, RefusalAction>>;

export type RefusalAction = 'retry' | 'renew' | 'stop';
export type RefusalCode = keyof typeof refusalActions;

/**
 * The one table of refusal codes. Codes never change within a major version; messages may. `action` is that of `refusalActions`.
 *
 * `ends` says which refusals by the strategy end the connection that they were told on: that of a message, or that of a
 * renewal. A refusal by a handler, a pipe or a limit of events ends none.
 */
export const refusals: Readonly<Record<RefusalCode, RefusalRow>> = {
  unauthenticated: { action: 'stop', ends: ['message'], message: 'No valid credential was presented' },
  expired: { action: 'renew', ends: [], message: 'The credential has expired' },
  'roles-changed': { action: 'renew', ends: [], message: 'The roles of this account have changed' },
  'reconnect-required': {
    action: 'retry',
    ends: ['message', 'renewal'],
    message: 'The client has to connect again',
  },
  revoked: { action: 'stop', ends: ['message', 'renewal'], message: 'The credential was revoked' },
  banned: { action: 'stop', ends: ['message', 'renewal'], message: 'The account is banned' },
  'token-reused': { action: 'stop', ends: ['message', 'renewal'], message: 'A refresh token was used twice' },
  'signed-in-elsewhere': {
    action: 'stop',
    ends: ['message', 'renewal'],
    message: 'The user signed in elsewhere, and this sign-in has ended',
  },
  'subject-mismatch': {
    action: 'stop',
    ends: ['message', 'renewal'],
    message: 'The credential belongs to another user or another sign-in',
  },
  'renewal-unsupported': {
    action: 'stop',
    ends: ['message'],
    message: 'This connection cannot be renewed: renew by HTTP, then connect again',
  },
  'sign-in-unsupported': {
    action: 'stop',
    ends: ['message'],
    message: 'This strategy takes no credential on an open connection: sign in by HTTP, then connect again',
  },
  'credential-unacknowledged': { action: 'retry', ends: [], message: 'The issued credential was not acknowledged' },
  forbidden: { action: 'stop', ends: ['message'], message: 'The role or membership that this needs is missing' },
  'namespace-closed': { action: 'stop', ends: ['message'], message: 'No authenticated gateway serves this namespace' },
  'already-connected': { action: 'stop', ends: ['message'], message: 'This transport is connected to the namespace' },
  'origin-refused': { action: 'stop', ends: ['message'], message: 'The Origin is not on the allow-list' },
  'transport-unsupported': {
    action: 'stop',
    ends: ['message'],
    message: 'Long polling is off: connect with transports: ["websocket"]',
  },
  'too-many-connects': { action: 'retry', ends: [], message: 'Too many CONNECT attempts on one transport' },
  'too-many-connections': { action: 'retry', ends: [], message: 'Too many connections' },
  'too-many-attempts': { action: 'retry', ends: [], message: 'Too many failed sign-ins; wait before the next one' },
  'too-many-events': { action: 'retry', ends: [], message: 'Too many events' },
  'too-many-packets': { action: 'retry', ends: [], message: 'Too many packets on one transport' },
  'too-slow': { action: 'retry', ends: [], message: 'The client does not read or send fast enough' },
  'unknown-event': { action: 'stop', ends: ['message'], message: 'No handler serves this event' },
  'account-unsupported': {
    action: 'stop',
    ends: ['message'],
    message:
      'This account does not fit in a token: at most 32 roles of 64 characters, a subject of 128 and 4096 characters in all',
  },
  'bad-message': { action: 'stop', ends: ['message'], message: 'The message does not have the expected shape' },
  rejected: { action: 'stop', ends: [], message: 'The application refused this' },
  unavailable: { action: 'retry', ends: [], message: 'The server cannot check the credential now; try again later' },
  failed: { action: 'retry', ends: [], message: 'The server failed to handle this' },
} satisfies { readonly [Code in RefusalCode]: RefusalRow & { readonly action: (typeof refusalActions)[Code] } };

interface RefusalRow {
  readonly action: RefusalAction;
  readonly ends: readonly Refusable[];
  readonly message: string;
}

/** What a strategy can refuse on an open connection. */
type Refusable = 'message' | 'renewal';

/** What a client is told of a refusal: in `connect_error.data`, an ack, `exception` and `auth:cut`. */
export interface RefusalNotice {
  readonly code: RefusalCode;
  readonly action: RefusalAction;
  readonly message: string;
  /** The content of the application's exception. Only with `rejected`. */
  readonly details?: unknown;
}

/** The public words for `code`; they never hold anything of the request. */
export function noticeOf(code: RefusalCode): RefusalNotice {
  const { action, message } = refusals[code];
  return { code, action, message };
}

/** Whether the connection ends once the strategy has refused a message or a renewal on it under `code`. */
export function endsConnection(code: RefusalCode, refused: Refusable): boolean {
  return refusals[code].ends.includes(refused);
}
