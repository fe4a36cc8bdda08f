import type { Claim, Verdict } from './claim.ts';
import { Evidence, type Recorded } from './evidence.ts';
import { gateways } from './gateways.ts';
import { strategies } from './strategies.ts';

/** Every claim of the article, in its order of subjects. */
export const claims: readonly Claim[] = [...strategies, ...gateways];

/** What the recorded results make of each. */
export function verdictsOf(
  recorded: Recorded,
  of: readonly Claim[] = claims,
): { readonly claim: Claim; readonly verdict: Verdict }[] {
  const evidence = new Evidence(recorded);
  return of.map((claim) => ({ claim, verdict: claim.judge(evidence) }));
}
