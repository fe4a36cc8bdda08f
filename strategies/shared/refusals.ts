/**
 * The one table of refusal codes. Codes never change within a major version; messages may.
 *
 * `action` is the code's class and tells a client what helps:
 * - `retry`: the same credential may pass later (back off, with jitter);
 * - `renew`: a fresh credential passes (renew, then try again);
 * - `stop`: neither helps; a person has to act.
 */
export const refusals = {
  unauthenticated: { action: 'stop', message: 'No valid credential was presented' },
  expired: { action: 'renew', message: 'The credential has expired' },
  'roles-changed': { action: 'renew', message: 'The roles of this account have changed' },
  'reconnect-required': { action: 'retry', message: 'The connection has to be opened anew' },
  revoked: { action: 'stop', message: 'The credential was revoked' },
  banned: { action: 'stop', message: 'The account is banned' },
  'token-reused': { action: 'stop', message: 'A refresh token was used twice' },
  'subject-mismatch': { action: 'stop', message: 'A connection belongs to one subject' },
  'renewal-unsupported': { action: 'stop', message: 'This connection cannot be renewed in band' },
  'credential-unacknowledged': { action: 'retry', message: 'The issued credential was not acknowledged' },
  forbidden: { action: 'stop', message: 'The role or membership that this needs is missing' },
  'namespace-closed': { action: 'stop', message: 'No authenticated gateway serves this namespace' },
  'already-connected': { action: 'stop', message: 'This transport is connected to the namespace' },
  'origin-refused': { action: 'stop', message: 'The Origin is not on the allow-list' },
  'too-many-connects': { action: 'retry', message: 'Too many CONNECT attempts on one transport' },
  'too-many-connections': { action: 'retry', message: 'Too many connections' },
  'too-many-attempts': { action: 'retry', message: 'Too many failed sign-ins; wait before the next one' },
  'too-many-events': { action: 'retry', message: 'Too many events' },
  'too-many-packets': { action: 'retry', message: 'Too many packets on one transport' },
  'too-slow': { action: 'retry', message: 'The client does not read or send fast enough' },
  'unknown-event': { action: 'stop', message: 'No handler serves this event' },
  'account-unsupported': {
    action: 'stop',
    message:
      'This account does not fit in a token: at most 32 roles of 64 characters, a subject of 128 and 4096 characters in all',
  },
  'bad-message': { action: 'stop', message: 'The message does not have the expected shape' },
  unavailable: { action: 'retry', message: 'The credential could not be checked' },
  failed: { action: 'retry', message: 'The server failed to handle this' },
} as const satisfies Record<string, { action: RefusalAction; message: string }>;

export type RefusalAction = 'retry' | 'renew' | 'stop';
export type RefusalCode = keyof typeof refusals;

/** What a client is told of a refusal: in `connect_error.data`, an ack, `exception` and `auth:cut`. */
export interface RefusalNotice {
  readonly code: RefusalCode;
  readonly action: RefusalAction;
  readonly message: string;
}

/** The public words for `code`; they never hold anything of the request. */
export function noticeOf(code: RefusalCode): RefusalNotice {
  return { code, ...refusals[code] };
}
