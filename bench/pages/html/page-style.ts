/** Of the page; the charts bring their own. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --link: #0067a3;
  --alarm: #b3261e; --focus: #0067a3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181d; --raised: #1d232a; --ink: #e8ecf0; --soft: #a5b0bb; --line: #3b444e; --link: #7cc4ff;
    --alarm: #ff9c92; --focus: #7cc4ff;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 0.95rem/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem; }
p { max-width: 48rem; }
a { color: var(--link); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; background: var(--ground); padding: 0.5rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; }
pre { background: var(--raised); padding: 0.75rem; overflow-x: auto; border-radius: 6px; white-space: pre-wrap; }
.stamp { border-left: 4px solid var(--alarm); padding: 0.25rem 0.75rem; background: var(--raised); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0; }
dl.facts dt { color: var(--soft); }
dl.entries dt { font-weight: 600; }
dl.entries span { color: var(--soft); font-weight: 400; }
dl.entries dd { margin: 0 0 0.6rem; }
dl.facts dd { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
.note { color: var(--soft); margin: 0.25rem 0 0.5rem; }
th, td { padding: 0.35rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { vertical-align: bottom; background: var(--raised); font-weight: 600; min-width: 5.5rem; }
tbody th { font-weight: 600; min-width: 9rem; }
tbody th + td { white-space: nowrap; }
@media (min-width: 50rem) { tbody th { min-width: 17rem; } }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.prose { min-width: 20rem; }
.void { color: var(--soft); white-space: normal; min-width: 12rem; }
thead button {
  font: inherit; color: inherit; background: none; border: 0; padding: 0.35rem 0.25rem; margin: -0.35rem -0.25rem;
  cursor: pointer; text-align: inherit;
}
thead button:hover { text-decoration: underline; }
thead button::after { content: ' \\2195'; color: var(--soft); }
[aria-sort='ascending'] button::after { content: ' \\25B2'; color: inherit; }
[aria-sort='descending'] button::after { content: ' \\25BC'; color: inherit; }
.filters { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1rem 0 0.5rem; }
.filters[hidden] { display: none; }
.filters fieldset { border: 1px solid var(--line); border-radius: 6px; padding: 0.25rem 0.75rem 0.5rem; min-width: 0; }
.filters legend { font-weight: 600; padding: 0 0.25rem; }
.filters label { display: inline-flex; gap: 0.35rem; align-items: baseline; margin-right: 1rem; min-height: 1.75rem; }
.filters input { accent-color: var(--focus); }
.filters button { font: inherit; align-self: end; padding: 0.35rem 0.75rem; }
.told { color: var(--soft); min-height: 1.5em; }
figure { margin: 1rem 0; }
figure .scroll { border: 0; }
svg.chart { display: block; max-width: 100%; height: auto; min-width: 44rem; }
table svg.chart { min-width: 0; max-width: none; }
td details { margin: 0; max-width: 30rem; }
td pre { max-height: 20rem; overflow-y: auto; font-size: 0.8rem; }
details { margin: 0.25rem 0 1.5rem; }
summary { cursor: pointer; color: var(--soft); }
[hidden] { display: none; }
@media print { .filters, nav { display: none; } .scroll { overflow: visible; } }
`;
