import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Run } from '../../model/run-file.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { chartStyle } from '../../report/charts/chart-style.ts';
import { type Markup, markup, trusted } from '../../report/markup.ts';
import { isOfNodes } from '../../suites/registry.ts';
import { chartsOf } from '../sections.ts';
import type { EntryLabel } from '../../report/entry-labels.ts';
import { failuresOf } from '../failures.ts';
import { chartRegion } from './chart-region.ts';
import { comparisonTable, measuredEntries } from './comparison-table.ts';
import { entryList } from './entry-list.ts';
import { figuresTable } from './figures-table.ts';
import { filters } from './filters.ts';
import { timelines } from './timelines.ts';
import { pageHead } from './page-head.ts';
import { pageStyle } from './page-style.ts';
import { verdicts } from './verdicts.ts';

/**
 * A run as one page that needs nothing else: no network, and no script to show everything; with one, its tables sort
 * and its rows hide. `path` is where the run is, as a reader would find it; `safety` what an audit found, where there is one.
 */
export function renderHtml(run: Run, path: string, safety?: Markup): string {
  const style = `${pageStyle}${chartStyle}`;
  const script = clientScript();
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const entries = measuredEntries(run);
  const shown = sectionsOf(run, safety);
  const page = markup`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>nest-ws-auth-lab, ${run.profile} run of ${run.startedAt.slice(0, 10)}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#${shown[0]?.id}">Skip to ${shown[0]?.title.toLowerCase()}</a>
<header>
${pageHead(run, path)}
${failures(run)}
<nav aria-label="Sections"><ul>${shown.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${shown.map(({ id, title, body }) => markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body(entries)}\n</section>\n`)}</main>
<script type="module">${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}

interface Section {
  readonly id: string;
  readonly title: string;
  body(entries: readonly EntryLabel[]): Markup;
}

/** A run of several nodes alone is compared with nothing. */
function sectionsOf(run: Run, safety: Markup | undefined): Section[] {
  const figures = { id: 'figures', title: 'Every figure' };
  const who = {
    id: 'entries',
    title: 'Who was measured',
    body: (entries: readonly EntryLabel[]) => entryList(run, entries),
  };
  if (isOfNodes(run))
    return [
      { ...figures, body: (entries) => markup`${filters(entries)}${figuresTable(run)}` },
      ...(safety === undefined ? [] : [{ id: 'safety', title: 'Is it safe', body: () => safety }]),
      who,
    ];
  return [
    { id: 'verdict', title: 'Verdict', body: () => verdicts(run) },
    ...(safety === undefined ? [] : [{ id: 'safety', title: 'Is it safe', body: () => safety }]),
    {
      id: 'comparison',
      title: 'Comparison',
      body: (entries) => markup`${filters(entries)}${comparisonTable(run, entries)}`,
    },
    { id: 'charts', title: 'Charts', body: () => charts(run) },
    { id: 'timelines', title: 'Timelines', body: () => timelines(run) },
    who,
    { ...figures, body: () => figuresTable(run) },
  ];
}

function failures(run: Run): Markup {
  const lines = failuresOf(run);
  return markup`${lines.length > 0 && markup`<h2>What went wrong</h2>\n<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`}`;
}

const charts = (run: Run): Markup =>
  markup`${chartsOf(run).map(({ alt, svg }) => chartRegion(alt, withoutStyle(svg)))}`;

/** The script as it stands beside this file, without what the compiler says of its source. */
function clientScript(): string {
  const source = readFileSync(new URL('page.client.js', import.meta.url), 'utf8');
  return source.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
