import { nameOf } from '../../model/entry.ts';
import type { EntryLabel } from '../../report/entry-labels.ts';
import { slug } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';

type Entry = Pick<EntryLabel, 'strategy' | 'variant' | 'role'>;

/** The id of an entry's row in a table, such as `cost-session-hardened`. */
export const rowId = (table: string, entry: Pick<Entry, 'strategy' | 'variant'>): string =>
  `${table}-${slug(nameOf(entry)).replace(/^-/, '')}`;

/** The attributes that filters read. A row without a variant passes every choice of a variant. */
export const filterData = ({ strategy, variant, role }: Entry): Markup =>
  markup`data-strategy="${strategy}" data-variant="${variant ?? ''}" data-role="${role}"`;

/** The head of an entry's row: its id, its variant or role, and a link to the row. */
export const rowHead = (table: string, entry: Entry): Markup =>
  markup`<th scope="row"><span class="id">${entry.strategy}</span> <span class="kind">${entry.variant ?? entry.role}</span>${rowLink(rowId(table, entry), nameOf(entry))}</th>`;

/** A link to a row, for readers who want to point someone else to it. */
const rowLink = (id: string, name: string): Markup =>
  markup`<a class="anchor" href="#${id}" aria-label="Link to ${name}">#</a>`;
