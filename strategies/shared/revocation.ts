import type { Principal, Revocation } from '../strategy.ts';

/** Whether `revocation` ends the credentials of `principal`. */
export function revokes(revocation: Revocation, principal: Principal): boolean {
  return (
    (revocation.subject === undefined || revocation.subject === principal.subject) &&
    (revocation.sessionId === undefined || revocation.sessionId === principal.sessionId) &&
    (revocation.tokenId === undefined || revocation.tokenId === principal.tokenId) &&
    (revocation.issuedUntil === undefined || (principal.issuedAt ?? 0) <= revocation.issuedUntil)
  );
}
