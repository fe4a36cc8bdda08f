import type { Claim, Verdict } from './claim.ts';

export type Judged = readonly { readonly claim: Claim; readonly verdict: Verdict }[];

/** The claims with their verdicts, in Markdown. */
export function claimsSection(
  judged: Judged,
  at: { readonly run: string | null; readonly audit: string | null },
): string {
  const rows = judged.map(({ claim, verdict: { outcome, figure, condition, cites } }) => [
    `\`${claim.id}\` ${claim.says}`,
    condition === undefined ? `**${outcome}**` : `**${outcome}**: ${condition}`,
    figure,
    cites.join('; '),
  ]);
  const head = ['Claim', 'Verdict', 'What was seen', 'Rests on'];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  const files = [at.run, at.audit].filter((file) => file !== null).join(' and ');
  return [
    `Computed from ${files === '' ? 'what was recorded' : files}; nobody types a verdict. A cell is named as in run.json, and`,
    '`npm run reproduce -- --claim ID` runs the experiment of one claim alone. Each claim with its hypothesis, threshold and',
    'what would falsify it stands in [claims/](claims/README.md).',
    '',
    [head, head.map(() => ':--'), ...rows].map(line).join('\n'),
    '',
  ].join('\n');
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
