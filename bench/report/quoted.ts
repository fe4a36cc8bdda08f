/** A word as a POSIX shell reads it back, such as `'my runs/full'`. A word without special characters stays as it is. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
