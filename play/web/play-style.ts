import { pageStyle } from '../../bench/pages/html/page-style.ts';

/** Colours of the bars are those of the report's timelines. */
export const playStyle = `${pageStyle}
:root { --open: #2f9e55; --stale: #d1242f; --closed: #c9d1d9; --refused: #8a6d00; --unproven: #9fb3c8; }
@media (prefers-color-scheme: dark) {
  :root { --open: #3fb968; --stale: #ff6b61; --closed: #3d4650; --refused: #c9a227; --unproven: #5b6b7c; }
}
body { max-width: 90rem; padding-bottom: 2rem; }
h1 { color: var(--ink); font-size: 1.25rem; }
header p { max-width: 60rem; margin: 0 0 0.75rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: flex-end; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 0.4rem; min-width: 0; }
legend { padding: 0; font-size: 0.8rem; color: var(--soft); margin-bottom: 0.2rem; }
button, select { font: inherit; font-size: 0.875rem; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.7rem; min-height: 2rem; max-width: 100%; cursor: pointer; }
button:hover { background: var(--raised); }
button.ends { color: var(--bad); border-color: var(--bad); }
button[aria-disabled='true'] { opacity: 0.6; cursor: default; }
.scenario { font-size: 0.875rem; }
.scenario .says { margin: 0.25rem 0 0; }
#told { margin: 0.75rem 0 0.5rem; min-height: 1.5rem; font-weight: 600; max-width: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; list-style: none; padding: 0; margin: 0 0 0.75rem; font-size: 0.8rem; color: var(--soft); }
.swatch { vertical-align: middle; }
.patterns { position: absolute; }
#lanes { list-style: none; padding: 0; margin: 0; border: 1px solid var(--line); border-radius: 8px; outline-offset: 4px; }
.lane, .times { display: grid; grid-template-columns: 13rem minmax(0, 1fr) 17rem; gap: 0.1rem 1rem; padding: 0.45rem 0.75rem; align-items: start; }
.lane { border-top: 1px solid var(--line); }
.times { padding-block: 0; border-inline: 1px solid transparent; }
.axis { grid-column: 2; display: block; width: 100%; overflow: visible; }
text.time { font: 10px system-ui, sans-serif; fill: var(--soft); text-anchor: middle; }
.lane:first-child { border-top: 0; }
.lane h2 { margin: 0; font-size: 0.9rem; line-height: 1.3; font-weight: 600; }
.lane h2 button { font-weight: 600; border: 0; padding: 0; min-height: 1.5rem; background: none; color: var(--link); text-align: left; text-decoration: underline dotted; text-underline-offset: 3px; }
.variant { color: var(--soft); font-weight: 400; font-size: 0.8rem; display: block; }
.bars { display: block; width: 100%; overflow: visible; margin-top: 0.2rem; }
.verdict { margin: 0; font-size: 0.875rem; line-height: 1.35; }
.verdict strong { display: block; }
.verdict.good strong { color: var(--good); }
.verdict.bad strong { color: var(--bad); }
.notes { font-size: 0.8rem; }
rect.entitled { fill: var(--open); }
rect.stale { fill: url(#stripes); }
.stale-ground { fill: var(--stale); }
.stale-stripe { fill: var(--ground); }
rect.refused { fill: var(--refused); }
rect.unproven { fill: var(--unproven); }
rect.gap { fill: var(--ground); stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 2; }
rect.closed { fill: var(--closed); }
text.who { font: 10px system-ui, sans-serif; fill: var(--soft); }
path.renewed { fill: var(--ink); stroke: var(--ground); stroke-width: 1; }
path.lost { stroke: var(--ink); stroke-width: 2; fill: none; }
path.moment { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
.details { grid-column: 1 / -1; font-size: 0.85rem; padding: 0.5rem 0 0.75rem; }
.details h3 { font-size: 0.9rem; margin: 0.9rem 0 0.25rem; }
.details .columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1.5rem; }
.details pre { max-height: 22rem; overflow: auto; font-size: 0.78rem; margin: 0.25rem 0; }
.details ul { padding-left: 1.1rem; margin: 0.25rem 0; }
h2#claims-title { font-size: 1.1rem; margin: 1.5rem 0 0.25rem; }
.claims ul { list-style: none; padding: 0; margin: 0; border: 1px solid var(--line); border-radius: 8px; }
.claim { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr) 17rem; gap: 0.25rem 1rem; padding: 0.6rem 0.75rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
.claim:first-child { border-top: 0; }
.claim h3 { font-size: 0.9rem; line-height: 1.35; margin: 0; }
.claim p { margin: 0.1rem 0; }
.claim .quiet { font-size: 0.8rem; }
.outcome.refuted { color: var(--bad); }
.outcome.supported { color: var(--good); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 48rem) {
  .claim { grid-template-columns: minmax(0, 1fr); }
  .lane, .times { grid-template-columns: minmax(0, 1fr); }
  .axis { grid-column: 1; }
  .details .columns { grid-template-columns: minmax(0, 1fr); }
  .variant { display: inline; }
  .controls { gap: 0.4rem; }
  .controls > * { flex: 1 1 100%; }
  fieldset { flex-wrap: nowrap; overflow-x: auto; padding: 3px; margin: -3px; }
  fieldset button { flex: none; }
  .scenario select { max-width: 13rem; }
  main { display: flex; flex-direction: column; }
  .legend { order: 1; margin-top: 0.75rem; }
  .claims { order: 2; }
  header p { font-size: 0.8rem; line-height: 1.35; }
}
`;
