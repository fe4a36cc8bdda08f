import { type ConnectionState, ConnectionError, type Failure, failures } from 'nest-ws-auth-lab/auth-socket';

/** The words of the package are for developers in some cases. These are for users. */
const reasons: Partial<Record<Failure['code'], string>> = {
  unauthenticated: 'Your sign-in has expired. Please sign in again.',
  revoked: 'You are signed out.',
  'signed-in-elsewhere': 'You signed in on another device, so this sign-in has ended.',
};

/** The server sends the words of its refusals. */
export function reasonOf(failure: Failure): string {
  const message = failure instanceof ConnectionError ? failures[failure.code].message : failure.message;
  return reasons[failure.code] ?? `${message}.`;
}

const words = {
  connecting: 'Connecting…',
  open: 'Connected.',
  renewing: 'Renewing your sign-in…',
};

/** Without a state, nobody is signed in. */
export function inWords(state?: ConnectionState): string {
  if (state === undefined) return 'You are not signed in.';
  if (state.name === 'waiting') return `Connection lost. Next attempt in ${Math.ceil(state.delay / 1000)} s.`;
  return state.name === 'ended' ? reasonOf(state.reason) : words[state.name];
}
