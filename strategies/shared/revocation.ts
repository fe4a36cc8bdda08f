import type { Principal, Revocation } from '../strategy.ts';

/** Whether `revocation` ends the credentials of `principal`. */
export function revokes(revocation: Revocation, principal: Principal): boolean {
  return (
    (revocation.subject === undefined || revocation.subject === principal.subject) &&
    (revocation.sessionId === undefined || revocation.sessionId === principal.sessionId) &&
    (revocation.tokenId === undefined || revocation.tokenId === principal.tokenId) &&
    (revocation.epoch === undefined || (principal.epoch ?? 0) < revocation.epoch) &&
    (revocation.roles === undefined || !sameRoles(revocation.roles, principal.roles))
  );
}

/** Whether both name the same roles, in any order and however often. */
export function sameRoles(roles: readonly string[], others: readonly string[]): boolean {
  return roles.every((role) => others.includes(role)) && others.every((role) => roles.includes(role));
}
