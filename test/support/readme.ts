import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** README's TypeScript by file name, which is each snippet's first line. */
export const snippets: ReadonlyMap<string, string> = new Map(
  [...text.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => [name, code]),
);

/** The commands of one section, in their order, without comments. */
export function commandsOf(heading: string): string[] {
  const [, section = ''] = text.split(`\n${heading}\n`);
  const blocks =
    section
      .split(/\n## /)[0]
      ?.split(/\n### /)[0]
      ?.matchAll(/^```sh\n(.*?)^```$/gms) ?? [];
  return [...blocks].flatMap(([, block = '']) => block.trim().split('\n')).map((line) => line.replace(/ +#.*$/, ''));
}
