/** Of every chart; colours are apart for the colour-blind, and 3:1 or more against the ground. */
export const chartStyle = `.chart {
  --ground: #ffffff; --ink: #1b1f24; --soft: #57606a; --grid: #d8dee4; --band: #e3e7eb; --alarm: #b3261e;
  --open: #2f9e55; --stale: #d1242f; --closed: #c9d1d9;
  --hue-0: #0067a3; --hue-1: #b54a00; --hue-2: #00795a; --hue-3: #9c3d80;
  --hue-4: #7d6000; --hue-5: #3f4fc4; --hue-6: #a11d33; --hue-7: #3d6b00;
  font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  .chart {
    --ground: #14181d; --ink: #e8ecf0; --soft: #a5b0bb; --grid: #333b44; --band: #2a323b; --alarm: #ff9c92;
    --open: #3fb968; --stale: #ff6b61; --closed: #3d4650;
    --hue-0: #5db7f0; --hue-1: #ff9a57; --hue-2: #3fcfa5; --hue-3: #ea97d0;
    --hue-4: #dcb740; --hue-5: #a9b4ff; --hue-6: #ff8c9c; --hue-7: #a2d45e;
  }
}
.chart .ground { fill: var(--ground); }
.chart text { fill: var(--ink); }
.chart text.soft { fill: var(--soft); }
.chart .halo { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.chart .heading { font-size: 15px; font-weight: 600; }
.chart .small { font-size: 11px; }
.chart text.alarm { fill: var(--alarm); }
.chart .is-open { fill: var(--open); }
.chart .is-closed { fill: var(--closed); }
.chart .stale-ground { fill: var(--stale); }
.chart .stale-stripe { stroke: var(--ground); stroke-width: 2.5; fill: none; }
.chart .gap { fill: var(--ground); }
.chart .renewed .full { fill: var(--ink); }
.chart .moment { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart .group { font-weight: 600; }
.chart .number { font-variant-numeric: tabular-nums; }
.chart .end { text-anchor: end; }
.chart .middle { text-anchor: middle; }
.chart .grid { stroke: var(--grid); fill: none; }
.chart .reference { stroke: var(--soft); stroke-width: 1.5; fill: none; }
.chart .band { fill: var(--band); }
.chart .hue { color: var(--soft); }
.chart .alarm { color: var(--alarm); }
${Array.from({ length: 8 }, (_, hue) => `.chart .hue-${hue} { color: var(--hue-${hue}); }`).join('\n')}
.chart .stroke { stroke: currentColor; stroke-width: 2; fill: none; }
.chart .thin { stroke-width: 1; }
.chart .full { fill: currentColor; stroke: var(--ground); stroke-width: 1; }
.chart .open { fill: var(--ground); stroke: currentColor; stroke-width: 2; }
.chart .dashed { stroke-dasharray: 7 4; }
.chart .dotted { stroke-dasharray: 2 3; }
`;
