/** Lines of at most so many columns, broken at spaces; lines after the first are indented by `indent` spaces. */
export function wrapped(text: string, indent = 0, width = 80): string[] {
  const [, start = '', rest = ''] = /^( *)(.*)$/s.exec(text) ?? [];
  const [first = '', ...words] = rest.split(' ');
  const lines = [start + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(' '.repeat(indent) + word);
  }
  return lines;
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[], word: 'and' | 'or' = 'and'): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
