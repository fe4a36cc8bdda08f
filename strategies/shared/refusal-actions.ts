/**
 * What helps a client against each refusal. Codes never change within a major version.
 * - `retry`: the same credential may pass later (back off, with jitter);
 * - `renew`: a fresh credential passes (renew, then try again);
 * - `stop`: neither helps; a person has to act.
 *
 * A browser needs no more of the table in `refusals.ts`: the server sends the words.
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
