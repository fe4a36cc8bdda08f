import { expect, it } from 'vitest';
import { playEntries } from '../lanes/entries.ts';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decidingLines } from './code-lines.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('the methods that decide are shown with their comments and line numbers, and nothing else', () => {
  const source = [
    'export class A {',
    '  helper(): void {}',
    '',
    '  /** Why. */',
    '  async authenticate(): Promise<void> {',
    '    if (true) {',
    '    }',
    '  }',
    '',
    '  #other(): void {',
    '  }',
    '}',
  ];
  expect(decidingLines(source.join('\n'))).toEqual([
    {
      from: 4,
      to: 8,
      of: 'A',
      text: '4    /** Why. */\n5    async authenticate(): Promise<void> {\n6      if (true) {\n7      }\n8    }',
    },
  ]);
  expect(decidingLines('one\ntwo\n')).toEqual([{ from: 1, to: 2, of: '', text: '1  one\n2  two' }]);
});

it('every strategy has its decision on a message among them', async () => {
  const sources = (await playEntries()).filter(({ variant }) => variant !== null).flatMap((entry) => entry.sources);
  for (const path of new Set(sources)) {
    const passages = decidingLines(readFileSync(root + path, 'utf8'));
    expect([path, passages.some(({ text }) => / authorize\(/.test(text))]).toEqual([path, true]);
    expect(passages.length).toBeGreaterThan(1);
  }
});
