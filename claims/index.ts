import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Claim, Verdict } from './claim.ts';
import { Evidence, type Recorded } from './evidence.ts';

const catalogue = new URL('./catalogue/', import.meta.url);

/** Every claim of the article: what the files of catalogue/ export by default, in the order of their names. */
export const claims: readonly Claim[] = (await Promise.all(files().map(load))).flat();

/** What the recorded results make of each. */
export function verdictsOf(
  recorded: Recorded,
  of: readonly Claim[] = claims,
): { readonly claim: Claim; readonly verdict: Verdict }[] {
  const evidence = new Evidence(recorded);
  return of.map((claim) => ({ claim, verdict: claim.judge(evidence) }));
}

/** Without tests and what a build leaves beside the code, whose names have a second dot. */
function files(): string[] {
  const extension = extname(import.meta.url);
  return readdirSync(fileURLToPath(catalogue))
    .filter((name) => name === `${name.split('.', 1)[0]}${extension}`)
    .toSorted();
}

async function load(file: string): Promise<readonly Claim[]> {
  const { default: found } = (await import(new URL(file, catalogue).href)) as { default?: readonly Claim[] };
  if (!Array.isArray(found)) throw new TypeError(`claims/catalogue/${file} must export a list of claims by default`);
  return found as readonly Claim[];
}
