import { type EntryLabel } from '../../report/entry-labels.ts';
import { type Markup, markup } from '../../report/markup.ts';

/** What the filters tell rows apart by; what has no variant counts as `none`. */
export const filterData = ({ strategy, variant, role }: Pick<EntryLabel, 'strategy' | 'variant' | 'role'>): Markup =>
  markup`data-strategy="${strategy}" data-variant="${variant ?? 'none'}" data-role="${role}"`;

/** Boxes for each strategy, variant and role; hidden until the script can heed them. */
export function filters(entries: readonly EntryLabel[]): Markup {
  const strategies = new Map(entries.map(({ strategy, title }) => [strategy, title]));
  const variants = new Map(entries.map(({ variant }) => [variant ?? 'none', variant ?? 'without variants']));
  const roles = new Map(entries.map(({ role }) => [role, role]));
  return markup`<form class="filters" aria-label="Filters of tables and lives" hidden>
${boxes('Strategy', 'strategy', strategies)}
${boxes('Variant', 'variant', variants)}
${boxes('Role', 'role', roles)}
<button type="reset">Show all</button>
</form>
<p class="told" role="status"></p>`;
}

const boxes = (legend: string, name: string, values: ReadonlyMap<string, string>): Markup =>
  markup`<fieldset><legend>${legend}</legend>${[...values].map(
    ([value, label]) => markup`<label><input type="checkbox" name="${name}" value="${value}" checked>${label}</label> `,
  )}</fieldset>`;
