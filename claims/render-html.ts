import { inline } from '../bench/pages/html/markdown.ts';
import { type Markup, markup } from '../bench/report/markup.ts';
import { type Outcome, outcomes } from './claim.ts';
import type { Judged } from './render.ts';

const looks: Readonly<Partial<Record<Outcome, string>>> = { supported: 'good', refuted: 'bad', qualified: 'fair' };
/** Surprising outcomes come first. */
const order: readonly Outcome[] = ['refuted', 'qualified', ...outcomes];

/** The claims with their verdicts as a table for the report, with what each rests on behind a click. */
export function claimsMarkup(judged: Judged): Markup {
  const sorted = judged.toSorted((a, b) => order.indexOf(a.verdict.outcome) - order.indexOf(b.verdict.outcome));
  const counts = outcomes
    .map((outcome) => [outcome, judged.filter(({ verdict }) => verdict.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0);
  return markup`<p>Of the ${judged.length} claims of the article: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}. Each verdict is computed from the recorded figures.</p>
<div class="scroll" role="region" aria-label="Claims, table" tabindex="0"><table id="claims-table" class="sortable" aria-label="Claims">
<thead><tr><th scope="col">Claim</th><th scope="col">Verdict</th><th scope="col">What was seen</th></tr></thead>
<tbody>${sorted.map(
    ({ claim, verdict: { outcome, figure, condition, cites } }) =>
      markup`<tr id="claim-${claim.id}"><td class="wide">${inline(claim.says)} <a class="anchor" href="#claim-${claim.id}" aria-label="Link to ${claim.id}">#</a><details><summary>Hypothesis and threshold</summary><p><code>${claim.id}</code>, in the article under ${claim.where}. ${inline(claim.hypothesis)}</p><p>Threshold: ${inline(claim.threshold)}. Falsified by: ${inline(claim.falsifiedBy)}.</p></details></td><td class="${looks[outcome] ?? 'soft'} verdict">${outcome}</td><td class="wide">${condition !== undefined && markup`<p>${inline(condition)}</p>`}${figure}${cites.length > 0 && markup`<details><summary>Rests on</summary><ul>${cites.map((cite) => markup`<li><code>${cite}</code></li>`)}</ul></details>`}</td></tr>\n`,
  )}</tbody></table></div>`;
}
