/** Tables, tabs, filters and explanations. */
export const partStyle = `.scroll { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: 6px; position: relative; }
.tall { max-height: 72vh; overflow-y: auto; }
table { border-collapse: separate; border-spacing: 0; width: 100%; overflow-wrap: normal; font-size: 0.875rem; }
th, td { padding: 0.4rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead tr:first-child th { border-top: 0; }
thead th { vertical-align: bottom; background: var(--raised); font-weight: 600; min-width: 5rem; }
.tall thead th { position: sticky; top: 0; z-index: 2; }
tbody th { font-weight: 600; background: var(--ground); white-space: nowrap; }
@media (min-width: 40rem) {
  tbody th { position: sticky; left: 0; z-index: 1; }
  .tall thead th:first-child { left: 0; z-index: 3; }
}
.kind { color: var(--soft); font-weight: 400; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; }
td.figure { white-space: nowrap; }
td { min-width: 7rem; }
.good { color: var(--good); }
.fair { color: var(--fair); }
.bad { color: var(--bad); }
td.good::before { content: '\\2713\\A0' / ''; }
td.fair::before { content: '!\\A0\\A0' / ''; }
td.bad::before { content: '\\2717\\A0' / ''; }
.target, .target > * { background: var(--mark) !important; }
.anchor { margin-left: 0.4rem; color: var(--soft); opacity: 0; padding: 0 0.25rem; }
tr:hover .anchor, .anchor:focus, li:hover > .anchor, summary:hover .anchor { opacity: 1; }
.sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
.sort:hover { text-decoration: underline; }
.sort::after { content: ' \\2195' / ''; color: var(--soft); }
[aria-sort='ascending'] .sort::after { content: ' \\25B2' / ''; color: inherit; }
[aria-sort='descending'] .sort::after { content: ' \\25BC' / ''; color: inherit; }
.term, .cost { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: help; text-align: inherit; }
.term { text-decoration: underline dotted; text-underline-offset: 3px; }
.cost { display: grid; gap: 0.1rem; white-space: nowrap; }
#costs-table td, #costs-table th.figure { text-align: left; }
.tip {
  position: fixed; z-index: 9; max-width: min(24rem, calc(100vw - 1rem)); padding: 0.5rem 0.75rem; border-radius: 6px;
  background: var(--ink); color: var(--ground); font-size: 0.875rem; line-height: 1.4;
}
.filters, .search { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0.75rem 0; font-size: 0.875rem; }
select, input, .filters button { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.6rem; max-width: 100%; }
.filters button { cursor: pointer; }
.count, .found { color: var(--soft); }
.tabs { display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 3rem 0 0; border-bottom: 1px solid var(--line); }
.tabs button { font: inherit; font-weight: 600; color: var(--soft); background: none; border: 0; border-bottom: 3px solid transparent; padding: 0.5rem 0.9rem; cursor: pointer; }
.tabs button:hover { color: var(--ink); }
.tabs [aria-selected='true'] { color: var(--ink); border-bottom-color: var(--focus); }
.panel { scroll-margin-top: 4.5rem; }
.panel > h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#raw { table-layout: fixed; width: 128rem; }
#raw thead th:nth-child(1) { width: 17rem; }
#raw thead th:nth-child(2) { width: 8rem; }
#raw thead th:nth-child(3) { width: 14rem; }
#raw thead th:nth-child(4) { width: 22rem; }
#raw thead th:nth-child(n + 5) { width: 9rem; }
#raw thead th:nth-child(7), #raw thead th:nth-child(8) { width: 16rem; }
#raw tr { height: 34px; }
#raw tbody :is(th, td) { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-block: 0; vertical-align: middle; }
#raw .space, #raw .space tr { height: 0; }
#raw .space td { padding: 0; border: 0; }
.matrix td { text-align: center; min-width: 4.5rem; padding-inline: 0.35rem; font-weight: 600; }
.matrix thead th { min-width: 5.2rem; font-size: 0.78rem; }
.matrix thead th:not(:first-child) { text-align: center; padding-inline: 0.35rem; }
.matrix tbody th { white-space: normal; min-width: 14rem; max-width: 22rem; }
.matrix small { font-weight: 400; color: var(--soft); display: block; }
.matrix td a { color: inherit; text-decoration: none; display: block; }
.matrix td a:hover { text-decoration: underline; }
.matrix td.good { background: var(--good-ground); }
.matrix td.bad { background: var(--bad-ground); }
.matrix td.fair { background: var(--fair-ground); }
.matrix td::before { content: none; }
.verdict { font-weight: 600; white-space: nowrap; }
.wide { min-width: 22rem; }
@media (max-width: 40rem) { .matrix tbody th { min-width: 11rem; } tbody th { white-space: normal; min-width: 9rem; } .anchor { opacity: 1; } }
`;
