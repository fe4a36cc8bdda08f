/** What remote checks need from the owner of the server. Each returns what is missing; undefined if nothing is. */
import { expiryOf, type Target } from './target.ts';

export function withoutCredential({ credential, hooks }: Target): string | undefined {
  if (hooks.signIn !== undefined) return undefined;
  if (credential === undefined) return 'it takes a credential: --credential-file';
  return hasExpired(credential) ? 'the credential has expired' : undefined;
}

/** For checks of an open connection whose credential expires. */
export const withoutExpiry = (target: Target): string | undefined =>
  withoutCredential(target) ?? withoutExpiredCredential(target);

/** For checks of a credential that has expired: the only one that was given may have expired already. */
export function withoutExpiredCredential({ credential, patience, hooks }: Target): string | undefined {
  if (hooks.signIn === undefined && credential === undefined) return 'it takes a credential: --credential-file';
  if (hooks.expire !== undefined) return undefined;
  const seconds = Math.round(((expiryOf(credential ?? {}) ?? Infinity) - Date.now()) / 1000);
  if (seconds === Infinity) return 'the credential says nothing of its expiry';
  return seconds * 1000 > patience ? `the credential lives for ${seconds} s, longer than --wait allows` : undefined;
}

export const withoutLogout = (target: Target): string | undefined =>
  withoutCredential(target) ??
  (target.logoutUrl === undefined && target.hooks.signOut === undefined ? 'it takes --logout-url' : undefined);

export const withoutBan = (target: Target): string | undefined =>
  withoutCredential(target) ?? (target.hooks.ban === undefined ? 'it takes a hook that bans: --hooks' : undefined);

export const withoutUnwelcome = ({ unwelcome, hooks }: Target): string | undefined =>
  (unwelcome ?? hooks.signInUnwelcome) === undefined ? 'it takes --unwelcome-credential-file' : undefined;

const hasExpired = (credential: NonNullable<Target['credential']>): boolean =>
  (expiryOf(credential) ?? Infinity) <= Date.now();
