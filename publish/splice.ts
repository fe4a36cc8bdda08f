/** The text of a Markdown file with each of these between the markers of its name. `file` is named where one is missing. */
export const spliced = (text: string, tables: Readonly<Record<string, string>>, file = 'README.md'): string =>
  Object.entries(tables).reduce((so, [name, table]) => between(so, name, table, file), text);

function between(text: string, name: string, table: string, file: string): string {
  const [open, close] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new TypeError(`Cannot splice ${file}: it needs ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${table}\n\n${text.slice(end)}`;
}

/** The words of a comment such as `<!-- peers: a b -->`, by the comment's name; none if there is no such comment. */
export const wordsOf = (text: string, name: string): readonly string[] =>
  new RegExp(`<!-- ${name}: ([^>]*) -->`).exec(text)?.[1]?.trim().split(/\s+/) ?? [];
