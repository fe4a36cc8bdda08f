import type { Claim, Verdict } from './claim.ts';
import { Evidence, type Recorded } from './evidence.ts';
import { gateways } from './gateways.ts';
import { handshakeOnly } from './handshake-only.ts';
import { refreshTokens } from './refresh-tokens.ts';
import { sessionsAndWsTokens } from './sessions-and-ws-tokens.ts';

/** Every claim of the article, in its order of subjects. */
export const claims: readonly Claim[] = [...sessionsAndWsTokens, ...refreshTokens, ...handshakeOnly, ...gateways];

/** What the recorded results make of each. */
export function verdictsOf(
  recorded: Recorded,
  of: readonly Claim[] = claims,
): { readonly claim: Claim; readonly verdict: Verdict }[] {
  const evidence = new Evidence(recorded);
  return of.map((claim) => ({ claim, verdict: claim.judge(evidence) }));
}
