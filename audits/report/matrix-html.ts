import { nameOf } from '../../bench/model/entry.ts';
import { pageFrame } from '../../bench/pages/html/page-frame.ts';
import { slug } from '../../bench/report/format.ts';
import { type Markup, markup } from '../../bench/report/markup.ts';
import type { AuditReport, Column, Finding, Matrix } from '../engine/audit-file.ts';
import { score } from '../engine/outcome.ts';
import { found, killText, spreadText, stalenessNote, warningsOf } from './matrix.ts';

type Outcome = Finding['outcome'];

const looks: Readonly<Record<Outcome, { readonly mark: string; readonly word: string; readonly style: string }>> = {
  pass: { mark: '✓', word: 'kept', style: 'good' },
  fail: { mark: '✗', word: 'broken', style: 'bad' },
  deviation: { mark: '✗', word: 'not kept, as declared', style: 'fair' },
  unknown: { mark: '?', word: 'unknown', style: 'bad' },
  'not applicable': { mark: '–', word: 'does not apply', style: 'soft' },
};

const isBroken = ({ outcome }: Finding): boolean => outcome !== 'pass' && outcome !== 'not applicable';

/** The audit as a page of its own, with the look of report.html. */
export const renderAuditHtml = (report: AuditReport): string =>
  pageFrame(
    `nest-ws-auth-lab, audit of ${report.startedAt.slice(0, 10)}`,
    markup`<a class="skip" href="#safety">Skip to the results</a>
<header><h1>Which promises does each server keep?</h1></header>
<main><p class="answer">${answer(report)}</p>
<p class="quiet"><code>${report.command}</code>, ${report.startedAt.slice(0, 10)}</p>
<section id="safety" aria-label="Safety">${safetyMarkup(report)}</section></main>`,
  );

/** How many servers keep all that they promise, and who breaks the most. */
function answer({ inside, outside }: AuditReport): string {
  const columns = [...inside.columns, ...outside.columns.filter(({ variant }) => variant === null)];
  const broken = (column: Column) => column.findings.filter(isBroken).length;
  const whole = columns.filter((column) => broken(column) === 0);
  const worst = columns.toSorted((a, b) => broken(b) - broken(a))[0];
  const { kept, applicable } = worst ? score(worst) : { kept: 0, applicable: 0 };
  return `${whole.length} of ${columns.length} servers keep every promise that applies to them.${worst && broken(worst) > 0 ? ` The fewest are kept by ${nameOf(worst)}: ${kept} of ${applicable}.` : ''} A cell with a mark in red or yellow links to its evidence.`;
}

/** The content of AUDIT.md: the matrices, broken promises first, and the evidence of each on demand. */
export const safetyMarkup = (report: AuditReport): Markup => {
  const { inside, outside, mutants } = report;
  return markup`<p class="note">✓ kept. ✗ on red: broken. ✗ on yellow: not kept, and the strategy says so. – does not apply. ? no answer could be had. A mark that is not kept links to its reason and to what went over the wire.</p>
${warningsOf(report).map((line) => markup`<p><strong>${line}.</strong></p>`)}
<h3>From outside</h3>
<p class="note">Every server in a process of its own, held to what any client can see. Peers declare nothing: what is broken is broken.</p>
${matrix('outside', 'From outside', outside)}
<h3>From inside</h3>
<p class="note">Strategies in this process, held to every promise.</p>
${matrix('inside', 'From inside', inside)}
${staleness(report)}
${mutants !== null && markup`<details><summary>Would the audit have seen it?</summary><p>${killText(mutants)}</p></details>`}`;
};

const staleness = ({ staleness: rows }: AuditReport): Markup | false =>
  rows.length > 0 &&
  markup`<details id="staleness"><summary>How long a credential goes on</summary>
<p class="note">${stalenessNote} Quantiles: 50, 95 and 99%, and the longest.</p>
<div class="scroll" role="region" aria-label="How long a credential goes on, table" tabindex="0"><table>
<thead><tr>${['Strategy', 'After', 'Last act handled', 'Last delivery', 'Close'].map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ strategy, variant, end, handled, delivered, closed }) =>
      markup`<tr><th scope="row">${strategy} ${variant}</th><td>${end}</td>${[handled, delivered, closed].map((spread) => markup`<td>${spreadText(spread)}</td>`)}</tr>\n`,
  )}</tbody></table></div></details>`;

function matrix(id: string, name: string, { audits, columns }: Matrix): Markup {
  const weight = (promise: string) => {
    const outcomes = columns.map((column) => found(column, promise).outcome);
    const count = (...wanted: Outcome[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
    return count('fail', 'unknown') * 1000 + count('deviation');
  };
  const sorted = audits.toSorted((a, b) => weight(b.id) - weight(a.id));
  return markup`<div class="scroll tall" role="region" aria-label="${name}, table" tabindex="0"><table class="matrix" aria-label="${name}">
<thead><tr><th scope="col">Promise</th>${columns.map(
    (column) =>
      markup`<th scope="col" data-strategy="${column.strategy}" data-variant="${column.variant ?? ''}" data-role="${roleOf(column)}">${nameOf(column)}<small>${keptOf(column)} kept</small></th>`,
  )}</tr></thead>
<tbody>${sorted.map(
    ({ id: audit, promise, source }) =>
      markup`<tr id="${id}-${audit}"><th scope="row">${audit} <a class="anchor" href="#${id}-${audit}" aria-label="Link to ${audit}">#</a><small>${promise}${source !== undefined && ` (${source})`}</small></th>${columns.map((column) => cell(id, column, found(column, audit)))}</tr>\n`,
  )}</tbody></table></div>
${columns.map((column) => evidence(id, column))}`;
}

const roleOf = ({ strategy, variant }: Column): string =>
  variant === null ? 'peer' : strategy.startsWith('_') ? 'baseline' : 'strategy';

function keptOf(column: Column): string {
  const { kept, applicable } = score(column);
  return `${kept} of ${applicable}`;
}

const evidenceId = (id: string, column: Column, audit: string): string =>
  `evidence-${id}-${slug(nameOf(column)).replace(/^-/, '')}-${audit}`;

function cell(id: string, column: Column, finding: Finding): Markup {
  const { mark, word, style } = looks[finding.outcome];
  const shown = markup`<span aria-hidden="true">${mark}</span>`;
  if (!isBroken(finding)) return markup`<td class="${style}" aria-label="${word}">${shown}</td>`;
  return markup`<td class="${style}"><a href="#${evidenceId(id, column, finding.id)}" aria-label="${nameOf(column)}: ${finding.id} ${word}">${shown}</a></td>`;
}

/** The reasons of one server, each with what went over the wire, behind a click. */
function evidence(id: string, column: Column): Markup | false {
  const told = column.findings.filter(isBroken);
  if (told.length === 0) return false;
  return markup`<details class="evidence" data-strategy="${column.strategy}" data-variant="${column.variant ?? ''}" data-role="${roleOf(column)}"><summary>${nameOf(column)}: ${told.length} not kept</summary>
${told.map(({ id: audit, outcome, reason = '', evidence: lines = [] }) => markup`<details id="${evidenceId(id, column, audit)}"><summary>${audit}: ${looks[outcome].word}</summary><p>${reason}</p>${lines.length > 0 && markup`<pre>${lines.join('\n')}</pre>`}</details>`)}</details>`;
}
