import { loadFolder } from '../strategies/shared/folder-registry.ts';
import type { Claim, Verdict } from './claim.ts';
import { Evidence, type Recorded } from './evidence.ts';

/** Every claim of the article: what the files of catalogue/ export by default, in the order of their names. */
export const claims: readonly Claim[] = (
  await loadFolder<readonly Claim[]>(new URL('./catalogue/', import.meta.url))
).flat();

/** What the recorded results make of each. */
export function verdictsOf(
  recorded: Recorded,
  of: readonly Claim[] = claims,
): { readonly claim: Claim; readonly verdict: Verdict }[] {
  const evidence = new Evidence(recorded);
  return of.map((claim) => ({ claim, verdict: claim.judge(evidence) }));
}
