import type { ConnectionState, Failure } from 'nest-ws-auth-lab/auth-socket';

/** The words of the package are for developers in some cases. These are for users. */
const reasons: Partial<Record<Failure['code'], string>> = {
  unauthenticated: 'Your sign-in has expired. Please sign in again.',
  revoked: 'You are signed out.',
  'signed-in-elsewhere': 'You signed in on another device, so this sign-in has ended.',
};

export const reasonOf = ({ code, message }: Failure): string => reasons[code] ?? `${message}.`;

/** @param state undefined: nobody is signed in */
export function inWords(state: ConnectionState | undefined): string {
  switch (state?.name) {
    case undefined:
      return 'You are not signed in.';
    case 'connecting':
      return 'Connecting…';
    case 'open':
      return 'Connected.';
    case 'renewing':
      return 'Renewing your sign-in…';
    case 'waiting':
      return `Connection lost. Next attempt in ${Math.ceil(state.delay / 1000)} s.`;
    case 'ended':
      return reasonOf(state.reason);
  }
}
