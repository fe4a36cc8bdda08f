import type { Run } from '../../model/run-file.ts';
import type { EntryLabel } from '../../report/entry-labels.ts';
import { type Markup, markup } from '../../report/markup.ts';

/** Who stands in the tables, what each does, and in what the peers behave differently. */
export function entryList(run: Run, entries: readonly EntryLabel[]): Markup {
  const named = new Map(entries.map(({ strategy, title, role }) => [strategy, { title, role }]));
  return markup`<dl class="entries">${[...named].map(([id, { title, role }]) => {
    const { summary, differs = [] } = run.entries[id] ?? {};
    return markup`<dt>${title} <span>(${role})</span></dt><dd>${summary}${
      differs.length > 0 && markup`<ul>${differs.map((difference) => markup`<li>${difference}</li>`)}</ul>`
    }</dd>\n`;
  })}</dl>`;
}
