import { type Markup, markup } from '../../report/markup.ts';

/** A cell of a table: what it shows, and the figure that it sorts by. */
export interface Datum {
  readonly content: string | Markup;
  readonly value?: number | null | undefined;
  readonly className?: 'figure' | 'void' | 'prose';
}

/** A row: its attributes, and its cells, of which the first names it. */
export interface TableRow {
  readonly data: Markup;
  readonly cells: readonly Datum[];
}

/** A sortable table in a region of its own, that scrolls where it is wider than the page. */
export const sortableTable = (
  name: string,
  caption: string,
  head: readonly { readonly title: string; readonly figure?: boolean }[],
  rows: readonly TableRow[],
): Markup => markup`<p class="note">${caption}</p>
<div class="scroll" role="region" aria-label="${name}, table" tabindex="0">
<table aria-label="${name}" class="sortable ${name.toLowerCase().replaceAll(' ', '-')}">
<thead><tr>${head.map(
  ({ title, figure }) => markup`<th scope="col"${figure && markup` class="figure"`}>${title}</th>`,
)}</tr></thead>
<tbody>
${rows.map(
  ({ data, cells: [first, ...rest] }) =>
    markup`<tr ${data}><th scope="row">${first?.content}</th>${rest.map(
      ({ content, value, className }) =>
        markup`<td${className && markup` class="${className}"`}${typeof value === 'number' && Number.isFinite(value) && markup` data-value="${value}"`}>${content}</td>`,
    )}</tr>\n`,
)}</tbody>
</table>
</div>`;
