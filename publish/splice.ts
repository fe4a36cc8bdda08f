/** README's text with each of these between the markers of its name. */
export const spliced = (readme: string, tables: Readonly<Record<string, string>>): string =>
  Object.entries(tables).reduce((text, [name, table]) => between(text, name, table), readme);

function between(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new TypeError(`Cannot splice README.md: it needs ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${table}\n\n${text.slice(end)}`;
}
