import type { RefusalCode } from './refusals.ts';

/** Who is connected. Safe to log and to share between nodes: it holds no secret. */
export interface Principal {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The sign-in this credential descends from: a session id or a token family. Never the cookie's value. */
  readonly sessionId?: string;
  /** The credential's own id (`jti`). */
  readonly tokenId?: string;
  /**
   * The store's epoch before this sign-in looked up the account. Renewals keep it, so a later revocation ends them too. If
   * absent, every revocation of the subject matches, and stores in memory answer `revoked`: they know the sign-ins of their
   * own process alone.
   */
  readonly epoch?: number;
  /**
   * When the issuer of a token that is not ours issued it, in ms since the epoch. It stands in the
   * place of `epoch`: a revocation of the whole subject ends the tokens that were issued before it.
   */
  readonly issuedAt?: number;
}

/** Ends every connection that matches each narrowing field present. */
export interface Revocation {
  readonly code: RefusalCode;
  /** If absent, matches every connection: used when the store cannot say who was revoked. */
  readonly subject?: string;
  readonly sessionId?: string;
  readonly tokenId?: string;
  /** Matches sign-ins whose epoch is earlier than this. The store assigns it. */
  readonly epoch?: number;
  /** Matches credentials whose roles differ from these. */
  readonly roles?: readonly string[];
}

/** Whether `revocation` ends the credentials of `principal`. */
export function revokes(revocation: Revocation, principal: Principal): boolean {
  return (
    (revocation.subject === undefined || revocation.subject === principal.subject) &&
    (revocation.sessionId === undefined || revocation.sessionId === principal.sessionId) &&
    (revocation.tokenId === undefined || revocation.tokenId === principal.tokenId) &&
    (revocation.epoch === undefined || epochOf(principal) < revocation.epoch) &&
    (revocation.roles === undefined || !sameRoles(revocation.roles, principal.roles))
  );
}

/** The stores count epochs in microseconds of their own time, or above: an issue time can be compared with them. */
const epochOf = ({ epoch, issuedAt = 0 }: Principal): number => epoch ?? issuedAt * 1000;

/** Whether both name the same roles, in any order and however often. */
export function sameRoles(roles: readonly string[], others: readonly string[]): boolean {
  return roles.every((role) => others.includes(role)) && others.every((role) => roles.includes(role));
}
