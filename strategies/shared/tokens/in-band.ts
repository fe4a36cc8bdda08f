import type { Admitted, IssuedCredential } from '../../strategy.ts';
import { AuthError } from '../errors.ts';
import { shapeOf, text } from '../shape.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { AccessClaims } from '../stores/token-claims.ts';
import type { Issued, TokenPair } from './token-pairs.ts';

/** What a client emits to renew on its connection. */
const renewal = shapeOf<{ refreshToken: string }>({ refreshToken: text() });

/**
 * Spends a refresh token that came over a connection.
 * @throws AuthError whatever `TokenService.refresh` does, `unauthenticated` or `subject-mismatch`
 */
export async function renewFor(tokens: AccessTokens, admitted: Admitted, credential: unknown): Promise<Issued> {
  const read = renewal(credential);
  if (read === undefined) throw new AuthError('unauthenticated');
  const { refreshToken } = read;
  // Before the token is spent, so that a stranger's is not.
  return tokens.refresh(refreshToken, (claims) => requireOwn(claims, admitted));
}

/** @throws AuthError `subject-mismatch` where a credential is not of the connection's own sign-in */
export function requireOwn({ subject, sessionId }: AccessClaims, { principal }: Admitted): void {
  if (subject !== principal.subject || sessionId !== principal.sessionId) throw new AuthError('subject-mismatch');
}

export const issuedOf = (pair: TokenPair): IssuedCredential => ({ ...pair });
