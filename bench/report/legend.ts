import { table } from './format.ts';

/** A column: its name, and in one sentence what its figures are. */
export type Column = readonly [name: string, meaning: string];

/** The first columns of most tables: the entry and its variant. */
export const entryColumns: readonly Column[] = [
  ['Entry', 'the id of a strategy or a peer; `_no-auth` is the baseline that checks nothing.'],
  ['Variant', '`as-published` is as in the article, `hardened` closes every gap that can be closed; else the role.'],
];

/** One line for each column, below its table. */
const legendOf = (columns: readonly Column[]): string =>
  columns.map(([name, meaning]) => `- **${name}**: ${meaning}`).join('\n');

/** A Markdown table with the meaning of each column below it; columns after the first `left` are set to the right. */
export const explainedTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  left?: number,
): string =>
  `${table(
    columns.map(([name]) => name),
    rows,
    left,
  )}\n\n${legendOf(columns)}`;

/** How an entry is named in prose and in tables: `session` (hardened). */
export const entryName = ({ strategy, kind }: { readonly strategy: string; readonly kind: string }): string =>
  `\`${strategy}\` (${kind})`;
