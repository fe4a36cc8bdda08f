import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayEntry } from '../lanes/entries.ts';
import { decidingLines, type Passage } from './code-lines.ts';

/** The facts about an entry that need no server. */
export interface About {
  readonly summary: string;
  readonly clientDoes: string;
  readonly deviations: readonly string[];
  /** Its row in RESULTS.md: the name of each column, and what stands there. */
  readonly results: readonly (readonly [column: string, text: string])[];
  /** The code that decides. */
  readonly sources: readonly { readonly path: string; readonly passages: readonly Passage[] }[];
}

/** Reads the entry's source and its row in RESULTS.md below `root`. */
export function aboutOf(root: string, entry: PlayEntry): About {
  const { summary, clientDoes, deviations, sources } = entry;
  return {
    summary,
    clientDoes,
    deviations: Object.entries(deviations).map(([what, why]) => (why === '' ? what : `${what}: ${why}`)),
    results: resultsOf(readFileSync(join(root, 'RESULTS.md'), 'utf8'), entry),
    sources: sources.map((path) => ({ path, passages: decidingLines(readFileSync(join(root, path), 'utf8')) })),
  };
}

/** The row of the first table whose head begins with `Entry` and names the expiry; none where the entry was not measured. */
export function resultsOf(page: string, { id, variant }: Pick<PlayEntry, 'id' | 'variant'>): [string, string][] {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => line.startsWith('| Entry | At expiry |'));
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  const row = lines.slice(at, end).find((line) => line.startsWith(`| \`${id}\` (${variant ?? 'peer'}) |`));
  if (at < 0 || row === undefined) return [];
  const texts = cellsOf(row);
  return cellsOf(lines[at]!)
    .map((column, index): [string, string] => [column, texts[index] ?? ''])
    .slice(1);
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
