import { explainedTable } from '../bench/report/legend.ts';
import type { Claim, Verdict } from './claim.ts';

export type Judged = readonly { readonly claim: Claim; readonly verdict: Verdict }[];

/** The name of the page that has every claim; it stands beside claims.json. */
export const CLAIMS = 'CLAIMS.md';

const outcomeText = ({ outcome, condition }: Verdict): string =>
  condition === undefined ? `**${outcome}**` : `**${outcome}**: ${condition}`;

/** The claims that are not simply true, for RESULTS.md, and where all others are; in Markdown. */
export function claimsSection(judged: Judged, page: string): string {
  const outcomes = [...new Set(judged.map(({ verdict }) => verdict.outcome))].toSorted();
  const counts = outcomes.map(
    (outcome) => `${judged.filter(({ verdict }) => verdict.outcome === outcome).length} claims are ${outcome}`,
  );
  const rows = judged
    .filter(({ verdict }) => verdict.outcome !== 'supported')
    .map(({ claim, verdict }) => [`\`${claim.id}\` ${claim.says}`, outcomeText(verdict)]);
  return [
    `Of the ${judged.length} claims of the article, ${counts.join(', ')}. [CLAIMS.md](${page}) has all of them with what was seen.`,
    claimsTable(['Claim', 'Verdict'], rows),
  ].join('\n\n');
}

const meanings = {
  Claim: 'its id, for `npm run reproduce -- --claim ID`, and what the article says.',
  Verdict: 'computed from what was recorded; after a colon stands the condition under which the claim holds.',
  'What was seen': 'the figures that the verdict is computed from.',
  'Rests on': 'the cells of run.json, the promises of the audit and the experiments that these figures are from.',
} as const;

const claimsTable = (head: readonly (keyof typeof meanings)[], rows: readonly (readonly string[])[]): string =>
  explainedTable(
    head.map((column) => [column, meanings[column]]),
    rows,
    head.length,
  );

/** CLAIMS.md: every claim with its verdict and what it rests on; `toRoot` leads to the root of this project. */
export function renderClaims(
  judged: Judged,
  at: { readonly run: string | null; readonly audit: string | null },
  toRoot: string,
): string {
  const rows = judged.map(({ claim, verdict }) => [
    `\`${claim.id}\` ${claim.says}`,
    outcomeText(verdict),
    verdict.figure,
    verdict.cites.join('; '),
  ]);
  const head = ['Claim', 'Verdict', 'What was seen', 'Rests on'] as const;
  const files = [at.run, at.audit].filter((file) => file !== null).join(' and ');
  const folder = `[claims/](${toRoot}claims/README.md)`;
  return [
    '# Was the article right',
    '<!-- Rendered from claims.json; edit nothing here. -->',
    `Each verdict is computed from ${files === '' ? 'what was recorded' : files}. The hypothesis of each claim, its threshold and what would falsify it are in ${folder}.`,
    `${claimsTable(head, rows)}\n`,
  ].join('\n\n');
}

/** One claim for a terminal. */
export const claimText = ({ claim, verdict }: Judged[number]): string =>
  [
    `${claim.id}: ${verdict.outcome}`,
    `  The article, ${claim.where}: ${claim.says}`,
    `  Hypothesis: ${claim.hypothesis}`,
    `  Threshold: ${claim.threshold}; falsified by: ${claim.falsifiedBy}`,
    `  Seen: ${verdict.figure}`,
    ...(verdict.condition === undefined ? [] : [`  Condition: ${verdict.condition}`]),
  ].join('\n');

const MARK = /<!-- claim ([a-z0-9-]+): ([a-z :]+) -->/g;

/** Prose that says otherwise than the verdicts, a line each: `<!-- claim ID: VERDICT -->` stands before what it says. */
export function contradictions(judged: Judged, texts: Readonly<Record<string, string>>): string[] {
  // Where no experiment was recorded there is nothing to contradict.
  if (judged.length === 0) return [];
  const verdicts = new Map(judged.map(({ claim, verdict }) => [claim.id, verdict.outcome as string]));
  return Object.entries(texts).flatMap(([name, text]) =>
    [...text.matchAll(MARK)].flatMap(([, id, said]) => {
      const computed = verdicts.get(id!);
      return computed === said ? [] : [`${name} says that ${id} is ${said}: it is ${computed ?? 'no claim'}`];
    }),
  );
}
