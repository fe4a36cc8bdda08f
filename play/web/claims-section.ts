import { type Markup, markup } from '../../bench/report/markup.ts';
import type { ShownClaim, ShownClaims, ShownVerdict } from '../claims/shown-claims.ts';

/** The path of the report with the published verdicts. */
export const EVIDENCE = '/evidence/report.html';

/** The claims of the article with their verdicts, each with a button that tries it here. */
export const claimsSection = ({ all }: ShownClaims): Markup => markup`<section class="claims" aria-labelledby="claims-title">
<h2 id="claims-title">Was the article right?</h2>
<p class="quiet">Each button runs a real Nest gateway and a real client in a process of its own, so that none of it can end this page.</p>
<ul>${all.map(item)}</ul>
</section>`; // prettier-ignore

const item = ({ id, says, where, metric, threshold, published }: ShownClaim): Markup => markup`<li class="claim" data-claim="${id}">
<div><h3>${withCode(says)}</h3><p class="quiet">The article, ${withCode(where)}</p></div>
<div><p>${published === undefined ? 'No verdict is published.' : verdictText(published)} <a href="${EVIDENCE}#claim-${id}">Evidence<span class="unseen"> for: ${says}</span></a></p>
<p class="quiet">${withCode(`${metric}. It holds if: ${threshold}.`)}</p></div>
<div><button type="button" aria-describedby="tried-${id}">Try it<span class="unseen">: ${says}</span></button><p id="tried-${id}" class="tried"></p></div>
</li>
`; // prettier-ignore

const verdictText = ({ outcome, condition, seen }: ShownVerdict): Markup =>
  markup`<strong class="outcome ${outcome}">${outcome}</strong>${condition !== undefined && withCode(`: ${condition}`)}. ${seen}.`;

/** Text with code between backticks. */
const withCode = (text: string): Markup[] =>
  text.split('`').map((part, index) => (index % 2 === 0 ? markup`${part}` : markup`<code>${part}</code>`));
