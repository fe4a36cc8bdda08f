import type { Principal, Revocation } from '../strategy.ts';
import type { RefusalCode } from './refusals.ts';
import { sameRoles } from './roles.ts';

/** The code under which any of them ends the credentials of `principal`; the gravest, which no renewal helps against. */
export function revokedBy(revocations: readonly Revocation[], principal: Principal): RefusalCode | undefined {
  const codes = revocations.filter((each) => revokes(each, principal)).map(({ code }) => code);
  return codes.find((code) => code === 'banned') ?? codes.find((code) => code !== 'roles-changed') ?? codes[0];
}

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

/** Under which name a subject's revocation of one sign-in or token is kept. */
export const nameOf = ({ sessionId, tokenId }: Pick<Revocation, 'sessionId' | 'tokenId'>): string =>
  JSON.stringify([sessionId, tokenId]);

/** The names of those that would end the credentials of `principal`. */
export const namesFor = ({ sessionId, tokenId }: Principal): string[] =>
  [[sessionId], [undefined, tokenId], [sessionId, tokenId]].map(([session, token]) => JSON.stringify([session, token]));
