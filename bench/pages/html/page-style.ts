/** Colours, type and the order of the page; `part-style.ts` has its tables and controls, and the charts bring their own. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f8fa; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --link: #0067a3;
  --good: #116329; --good-ground: #e6f6ea; --bad: #a40e26; --bad-ground: #ffebe9; --fair: #7d4e00; --fair-ground: #fff5d6;
  --focus: #0067a3; --mark: #fff3c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181d; --raised: #1d232a; --ink: #e8ecf0; --soft: #a5b0bb; --line: #3b444e; --link: #7cc4ff;
    --good: #7ee2a0; --good-ground: #12301e; --bad: #ffa8a0; --bad-ground: #3d1818; --fair: #f2cc60; --fair-ground: #332a10;
    --focus: #7cc4ff; --mark: #4a4012;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } * { transition: none !important; } }
body {
  margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 80rem; background: var(--ground); color: var(--ink);
  font: 0.95rem/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 0.5rem; color: var(--soft); font-weight: 600; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 0.5rem; }
h3 { font-size: 1.05rem; margin: 2rem 0 0.35rem; }
h4 { font-size: 0.95rem; margin: 1.25rem 0 0.25rem; }
p { max-width: 52rem; margin: 0.5rem 0; }
a { color: var(--link); }
code { font-size: 0.9em; }
.answer { font-size: 1.2rem; line-height: 1.5; max-width: 68rem; margin: 0 0 1rem; }
.note, .quiet { color: var(--soft); font-size: 0.875rem; max-width: 64rem; }
.soft { color: var(--soft); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; background: var(--ground); padding: 0.5rem; z-index: 3; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
pre { background: var(--raised); padding: 0.75rem; overflow-x: auto; border-radius: 6px; white-space: pre-wrap; font-size: 0.85rem; }
dl.facts, dl.words { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: 0.3rem 1.25rem; margin: 0.5rem 0; }
dl.words dt { font-weight: 600; }
dl.facts dt, dl.entries span { color: var(--soft); font-weight: 400; }
dl dd { margin: 0; min-width: 0; }
dl.entries dt { font-weight: 600; }
dl.entries dd { margin: 0 0 0.6rem; }
figure { margin: 1rem 0; }
figure .scroll { border: 0; }
svg.chart { display: block; max-width: 100%; height: auto; }
figure > .scroll > svg.chart { min-width: 44rem; }
.lives { margin: 0.5rem 0 1rem; }
.lives .scroll { max-height: 30rem; overflow: auto; border: 1px solid var(--line); }
.lives svg { display: block; max-width: 100%; height: auto; }
.lives .wide svg { min-width: 44rem; }
.lives .narrow { display: none; }
.lives .narrow svg { min-width: 0; width: 100%; }
table svg.chart { min-width: 0; max-width: none; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; color: var(--link); padding: 0.2rem 0; width: fit-content; }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  body { padding: 0.75rem 0.75rem 3rem; }
  .answer { font-size: 1.02rem; line-height: 1.45; }
  h1 { font-size: 1rem; }
  .lives .scroll { max-height: 20rem; }
  #answer .scroll { max-height: 32rem; overflow: auto; }
  .lives .wide { display: none; }
  .lives .narrow { display: block; }
  dl.facts, dl.words { grid-template-columns: 1fr; gap: 0; }
  dl.words dd, dl.facts dd { margin-bottom: 0.5rem; }
}
@media print { .filters, .tabs, .anchor { display: none; } .scroll { overflow: visible; max-height: none; } }
`;
