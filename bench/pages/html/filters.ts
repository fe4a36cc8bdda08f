import type { EntryLabel } from '../../report/entry-labels.ts';
import { type Markup, markup } from '../../report/markup.ts';

/** Choices of strategy, variant and role for all tables; hidden until the script can heed them. */
export function filters(entries: readonly EntryLabel[]): Markup {
  const valuesOf = (name: 'strategy' | 'variant' | 'role') => [
    ...new Set(entries.map((entry) => entry[name]).filter((value) => value !== null)),
  ];
  return markup`<form class="filters" aria-label="Which rows to show" hidden>
${choice('Variant', 'variant', valuesOf('variant'))}
${choice('Kind', 'role', valuesOf('role'))}
${choice('Strategy or peer', 'strategy', valuesOf('strategy'))}
<button type="reset">Show all</button>
<span class="count" role="status"></span>
</form>`;
}

const choice = (label: string, name: string, values: readonly string[]): Markup =>
  markup`<label>${label} <select name="${name}"><option value="">all</option>${values.map((value) => markup`<option>${value}</option>`)}</select></label>`;
