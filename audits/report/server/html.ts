import { pageOf, textOf } from '../../remote/verdict/findings.ts';
import {
  type Check,
  type Place,
  questions,
  type ServerFinding,
  type ServerReport,
} from '../../remote/verdict/report.ts';
import { basisOf, nameOf, placeOf, totals } from './words.ts';

const escaped = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --soft: #767676; --bad: #c5221f; --good: #188038; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--soft); font-size: .85rem; }
.broken, .critical, .high { color: var(--bad); font-weight: 600; } .kept { color: var(--good); } .note { color: var(--soft); }
@media (prefers-color-scheme: dark) { :root { --bad: #f28b82; --good: #81c995; --soft: #9aa0a6; } }`;

/** A page of its own, without a script or another file. */
export function html(report: ServerReport): string {
  const { checks, findings, stopped } = report;
  const name = escaped(nameOf(report));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>WebSocket audit of ${name}</title><style>${STYLE}</style></head>
<body><main><h1>WebSocket audit of ${name}</h1>
<p>${escaped(totals(report))}.</p>${basisOf(report)
    .map((line) => `<p class="note">${escaped(line)}</p>`)
    .join('')}${stopped === undefined ? '' : `<p class="broken">${escaped(stopped)}</p>`}
<h2>Findings</h2>${findings.length === 0 ? '<p>None.</p>' : findings.map(findingHtml).join('\n')}
${checks.length === 0 ? '' : checksHtml(checks)}</main></body></html>`;
}

const checksHtml = (checks: readonly Check[]): string =>
  `<h2>Checks</h2><p class="note">A check is kept only if the same probe succeeded with a valid credential in the same run.</p>
<table><thead><tr><th>Check</th><th>State</th><th>What was seen, or what would help</th></tr></thead><tbody>
${checks.map(rowOf).join('\n')}
</tbody></table>`;

function findingHtml({ id, severity, seen, evidence, reproduce, accepted, places = [] }: ServerFinding): string {
  const { title, attacker, mend, help, source, ...rest } = textOf(id);
  const code = 'code' in rest && rest.code !== undefined ? `<pre>${escaped(rest.code)}</pre>` : '';
  return `<section id="${id}"><h3><span class="${severity}">${severity}</span> ${escaped(title)}</h3>
${accepted === undefined ? '' : `<p>Accepted: ${escaped(accepted)}</p>`}<p>${escaped(seen)}</p>
<p><strong>An attacker:</strong> ${escaped(attacker)}</p><p><strong>Fix:</strong> ${escaped(mend)}</p>${code}
<p class="note"><code>${id}</code>, ${escaped(source)}, <a href="${escaped(help)}">more</a>, <code>${pageOf(id)}</code></p>
${places.length === 0 ? '' : `<ul>${places.map(placeHtml).join('')}</ul>`}${details('Frames', evidence.join('\n'), ' open')}${details('Reproduce, with the credential in WS_CREDENTIAL', reproduce)}</section>`;
}

const placeHtml = (place: Place): string => `<li><code>${escaped(placeOf(place))}</code> ${escaped(place.seen)}</li>`;
const details = (title: string, text: string, open = ''): string =>
  text === '' ? '' : `<details${open}><summary>${title}</summary><pre>${escaped(text)}</pre></details>`;

const rowOf = ({ id, group, question, state, note }: Check): string => {
  const title = question === 'other' ? group : `${group}: ${questions[question]}`;
  return `<tr><td title="${id}">${escaped(title)}</td><td class="${state === 'broken' || state === 'kept' ? state : 'note'}">${state}</td><td>${escaped(note)}</td></tr>`;
};
