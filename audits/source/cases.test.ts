import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rules } from './rules/index.ts';
import { auditSource } from './source.ts';
import type { SourceFindingId } from '../remote/verdict/source-findings.ts';

interface Case {
  readonly title: string;
  readonly isFlagged: boolean;
  readonly files: readonly (readonly [path: string, text: string])[];
}

/** The cases of a rule: a heading says whether they are flagged, and each block begins with its path. */
function casesOf(id: string): Case[] {
  const page = readFileSync(new URL(`./cases/${id}.md`, import.meta.url), 'utf8');
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n', 1)[0]!,
      isFlagged: section.startsWith('Flagged: '),
      files: [...section.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([block, path = '']) => [
        path,
        block.slice(6, -3),
      ]),
    }));
}

/** The lines that a case marks, `path:line severity`. */
const marksIn = ({ files }: Case): string[] =>
  files.flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const [, below, severity] = /\/\/ flagged( below)?: (\w+)/.exec(line) ?? [];
      return severity === undefined ? [] : [`${path}:${index + 1 + (below === undefined ? 0 : 1)} ${severity}`];
    }),
  );

function folderOf({ files }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), 'source-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe.each(Object.keys(rules) as SourceFindingId[])('%s', (id) => {
  const cases = casesOf(id);

  it('has cases of both kinds', () => {
    expect(rules[id].id).toBe(id);
    expect(new Set(cases.map(({ isFlagged }) => isFlagged))).toEqual(new Set([true, false]));
  });

  it.each(cases)('$title', (one) => {
    const { faults, unread } = auditSource(folderOf(one));
    const found = faults
      .filter((fault) => fault.id === id)
      .map(({ severity, place: { file, line } }) => `${file.split('/').at(-1)}:${line} ${severity}`);
    expect(unread).toEqual([]);
    expect(found.toSorted()).toEqual(marksIn(one).toSorted());
    expect(found.length > 0).toBe(one.isFlagged);
  });
});
