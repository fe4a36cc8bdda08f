import type { Revocation } from '../revocation.ts';
import type { RefusalCode } from '../refusals.ts';

/** What a store remembers of a subject as a whole. Every `…Until` is in ms since the epoch. */
export interface AccountRecord {
  /** Sign-ins of an earlier epoch have ended, under `code`. */
  readonly epoch?: number;
  readonly code?: RefusalCode;
  readonly until?: number;
  /** Until then the account is banned: every sign-in is refused, those of the current epoch included. */
  readonly bannedUntil?: number;
  /** The roles that the account was given last. They outrank a node's directory until `rolesUntil`. */
  readonly roles?: readonly string[];
  readonly rolesUntil?: number;
}

/** What `record` revokes at `now` (ms since the epoch). */
export function revocationsIn(record: AccountRecord, now: number): Revocation[] {
  const { epoch, code = 'revoked', until = 0, bannedUntil = 0 } = record;
  const roles = rolesIn(record, now);
  return [
    ...(bannedUntil > now ? [{ code: 'banned' as const }] : []),
    ...(epoch !== undefined && until > now ? [{ code, epoch }] : []),
    ...(roles === undefined ? [] : [{ code: 'roles-changed' as const, roles }]),
  ];
}

/** The roles that outrank a node's directory at `now`; undefined where the directory decides. */
export const rolesIn = ({ roles, rolesUntil = 0 }: AccountRecord, now: number): readonly string[] | undefined =>
  rolesUntil > now ? roles : undefined;
