import { type Markup, markup } from '../../bench/report/markup.ts';
import type { AuditReport, Column, Finding, Matrix } from '../engine/audit-file.ts';
import { score } from '../engine/outcome.ts';
import { found, killText, spreadText, stalenessNote, warningsOf } from './matrix.ts';

const words: Readonly<Record<Finding['outcome'], string>> = {
  pass: 'kept',
  fail: 'broken',
  deviation: 'deviates',
  'not applicable': '–',
  unknown: 'unknown',
};

/** What is in AUDIT.md, with the evidence of each broken promise behind its cell. */
export const safetyMarkup = (report: AuditReport): Markup => {
  const { inside, outside, staleness, mutants } = report;
  return markup`${mutants !== null && markup`<p>${killText(mutants)}</p>`}${warningsOf(report).map((line) => markup`<p><strong>${line}.</strong></p>`)}
<h3>How long a credential goes on</h3>
<p class="note">${stalenessNote} Quantiles: 50, 95 and 99%, and the longest.</p>
<div class="scroll" role="region" aria-label="How long a credential goes on, table" tabindex="0"><table>
<thead><tr>${['Strategy', 'After', 'Last act handled', 'Last delivery', 'Close'].map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${staleness.map(
    ({ strategy, variant, end, handled, delivered, closed }) =>
      markup`<tr><th scope="row">${strategy} ${variant}</th><td>${end}</td>${[handled, delivered, closed].map((spread) => markup`<td>${spreadText(spread)}</td>`)}</tr>\n`,
  )}</tbody></table></div>
<h3>Promise by strategy</h3>
${matrix('Promise by strategy', inside)}
<h3>From outside</h3>
${matrix('From outside', outside)}`;
};

const matrix = (
  name: string,
  { audits, columns }: Matrix,
): Markup => markup`<div class="scroll" role="region" aria-label="${name}, table" tabindex="0"><table>
<thead><tr><th scope="col">Promise</th>${columns.map(
  (column) =>
    markup`<th scope="col">${column.strategy}${column.variant !== null && ` ${column.variant}`}<br>${keptOf(column)}</th>`,
)}</tr></thead>
<tbody>${audits.map(
  ({ id, promise, source }) =>
    markup`<tr><th scope="row">${id}<br><small>${promise}${source !== undefined && ` (${source})`}</small></th>${columns.map((column) => cell(found(column, id)))}</tr>\n`,
)}</tbody></table></div>`;

function keptOf(column: Column): string {
  const { kept, applicable } = score(column);
  return `${kept} of ${applicable} kept`;
}

function cell({ outcome, reason, evidence = [] }: Finding): Markup {
  if (reason === undefined) return markup`<td>${words[outcome]}</td>`;
  return markup`<td class="${outcome === 'not applicable' ? 'void' : 'prose'}"><details><summary>${words[outcome]}</summary><p>${reason}</p>${
    evidence.length > 0 && markup`<pre>${evidence.join('\n')}</pre>`
  }</details></td>`;
}
