import { type Markup, markup, trusted } from '../../bench/report/markup.ts';
import type { PlayEntry } from '../lanes/entries.ts';
import { type Action, actions } from '../stage/actions.ts';
import type { ShownClaims } from '../claims/shown-claims.ts';
import type { Scenario } from '../stage/scenario.ts';
import type { Stage } from '../stage/stage.ts';
import { claimsSection } from './claims-section.ts';

const groups: readonly [group: Action['group'], title: string][] = [
  ['clients', 'Clients'],
  ['ends', 'End the access'],
  ['faults', 'Faults'],
];

const legend = [
  ['entitled', 'open and entitled'],
  ['stale', 'served though it should not be'],
  ['refused', 'messages refused'],
  ['unproven', 'ended, and not cut yet'],
  ['gap', 'reconnecting'],
  ['closed', 'closed'],
] as const;

const NODES = `The nodes of an entry are processes that share a Redis. The user signs in and out, is banned and loses the role on node 1. `;

/** The page. Its script fills the lanes. */
export function playPage(stage: Stage, scenarios: readonly Scenario[], claims?: ShownClaims): string {
  return markup`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>See it live: connections and their credentials</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/code/page/page.client.js"></script>
</head>
<body data-ttl="${stage.ttl}">
<a class="skip" href="#lanes">Skip to the lanes</a>
<header>
<h1>What happens to an open connection as its credential ends</h1>
<p class="quiet">Real clients and servers of this repository, on this machine. Credentials live ${stage.ttl / 1000} s. Each entry
has one user with two connections. One sends 5 messages a second (upper bar), and the other receives 5 notifications a second (lower bar).
<b>hardened</b> closes every gap that can be closed, <b>as-published</b> is as in articles, and a <b>peer</b> is what people write today. A session does not
expire while messages come. ${stage.nodes > 1 && NODES}This is a demonstration: do not put it on a network.</p>
</header>
<main>
<section aria-label="Controls" class="controls">
${groups.map(([group, title]) => fieldset(title, group, stage))}
<form class="scenario"><label>Scenario <select name="scenario">${scenarios.map(
    ({ id, title, says }) => markup`<option value="${id}" title="${says}">${title}</option>`,
  )}</select></label> <button type="submit">Run</button><p class="says quiet" hidden></p></form>
</section>
<p id="told" role="status" aria-live="polite">The servers are starting.</p>
<ul class="legend" aria-label="Legend">${legend.map(
    ([kind, text]) =>
      markup`<li><svg class="swatch" width="22" height="9" aria-hidden="true"><rect class="${kind}" width="22" height="9"/></svg> ${text}</li>`,
  )}<li><svg class="swatch" width="12" height="12" aria-hidden="true"><path class="renewed" d="M6 0l6 6l-6 6l-6 -6z"/></svg> renewed</li>
<li><svg class="swatch" width="12" height="12" aria-hidden="true"><path class="lost" d="M2 2l8 8M10 2l-8 8"/></svg> notifications lost</li>
<li><svg class="swatch" width="6" height="12" aria-hidden="true"><path class="moment" d="M3 0v12"/></svg> the credential or the access ends, or the network fails</li></ul>
<svg class="patterns" width="0" height="0" aria-hidden="true"><defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="stale-ground" width="7" height="7"/><rect class="stale-stripe" width="2.5" height="7"/></pattern></defs></svg>
<div class="times" aria-hidden="true"><svg class="axis" height="14"></svg></div>
<ol id="lanes" tabindex="-1">${stage.entries.map((entry) => laneItem(entry, stage))}</ol>
${claims && claimsSection(claims)}
</main>
<noscript><p>This page draws the lanes with JavaScript, which is off.</p></noscript>
</body>
</html>
`.text;
}

const fieldset = (title: string, group: Action['group'], { redis }: Stage): Markup =>
  markup`<fieldset><legend>${title}</legend>${actions
    .filter((action) => action.group === group && (action.redis !== true || redis !== undefined))
    .map(
      ({ id, label, hint }) =>
        markup`<button type="button" data-act="${id}" class="${group}" title="${hint}">${label}</button>`,
    )}</fieldset>`;

const laneItem = (
  { key, id, variant, title }: PlayEntry,
  { nodes }: Stage,
): Markup => markup`<li class="lane" data-key="${key}">
<h2><button type="button" aria-expanded="false" aria-controls="details-${key}">${id}</button> <span class="variant">${variant ?? 'peer'}${nodes > 1 && `; upper bar on node 1, lower bar on node ${nodes}`}</span></h2>
<svg class="bars" role="img" aria-label="${title}: the server is starting"></svg>
<p class="verdict"><strong>the server is starting</strong><span class="quiet notes"></span></p>
<div class="details" id="details-${key}" hidden></div>
</li>
`;
