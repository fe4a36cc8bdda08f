import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  bareNumbers,
  helpTextOf,
  longSentences,
  proseFindings,
  sentencesOf,
  unexplainedSymbols,
} from './support/prose-rules.ts';
import { rooms } from './support/rooms.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every page that people write, and RESULTS.md. */
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['examples', ...rooms].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === 'README.md' && !path.includes('node_modules'))
      .map((path) => `${room}/${path}`),
  ),
];
const commands = readdirSync(join(root, 'scripts')).filter(
  (name) => name.endsWith('.ts') && read(`scripts/${name}`).includes('const HELP = `'),
);

describe('prose', () => {
  it.each(pages)('%s keeps every rule', (path) => {
    expect(proseFindings(path, read(path))).toEqual([]);
  });

  it.each(commands)('the help text of scripts/%s keeps every rule', (name) => {
    expect(proseFindings(name, helpTextOf(read(`scripts/${name}`)))).toEqual([]);
  });
});

describe('a sentence', () => {
  const words = (count: number) => `${Array.from({ length: count }, () => 'word').join(' ')}.`;

  it('has at most 30 words', () => {
    expect(longSentences('a.md', words(30))).toEqual([]);
    expect(longSentences('a.md', `Short.\n\n- ${words(31)}`)).toEqual([
      expect.stringMatching(/^a\.md:3 31 words: word/),
    ]);
  });

  it('goes on over lines, and ends at its full stop, at an item and at a blank line', () => {
    expect(sentencesOf('One\ntwo. Three\n- four\n- five\n  six').map(({ text }) => text)).toEqual([
      'One two.',
      'Three',
      'four',
      'five six',
    ]);
  });

  it('is none in a heading, a table, a comment or a block of code', () => {
    expect(sentencesOf('# One\n\n| two |\n\n<!-- three\nfour -->\n\n```sh\nfive\n```\n')).toEqual([]);
  });

  it('counts a span of code as one word, and a link as its text', () => {
    const links = Array.from({ length: 30 }, () => '[word](a b c)').join(' ');
    expect(longSentences('a.md', `${links}.`)).toEqual([]);
    expect(longSentences('a.md', `\`a b c\` ${words(29)}`)).toEqual([]);
    expect(longSentences('a.md', `\`a b c\` ${words(30)}`)).toHaveLength(1);
  });
});

describe('a symbol', () => {
  it.each(['| ~ [0.9, 1.1] |', '| cheap† |', '| ± 3% |', '| > 2000 ms |', '| – |'])('%s needs its legend', (cell) => {
    expect(unexplainedSymbols('a.md', `| Time |\n| --- |\n${cell}\n`)).toHaveLength(1);
  });

  it('may stand where the page says what it means, and in code', () => {
    expect(unexplainedSymbols('a.md', '| > 2000 ms |\n\n`>` means that it had not ended.')).toEqual([]);
    expect(unexplainedSymbols('a.md', '`~/.cache` and `a > 1`\n\n```sh\na > 2\n```\n')).toEqual([]);
  });
});

describe('a number', () => {
  it.each(['It takes 3.', 'The cost is 12 and it grows.', 'That makes 4, which is little.', 'The limit is 500'])(
    '%s needs a unit or a noun',
    (text) => {
      expect(bareNumbers('a.md', text)).toHaveLength(1);
    },
  );

  it.each([
    'It takes 3 ms.',
    'On 1, 2 and 4 nodes it is 12% of 5 cores.',
    'Node 20.19 or later, RFC 6750 and Nest 12.',
    'Run on 2026-11-26 with seed 1.',
    'It caught 5 of 6 mutants, and 10,000 connections.',
  ])('%s has what it needs', (text) => {
    expect(bareNumbers('a.md', text)).toEqual([]);
  });
});

it('a word of the left column is found in prose, and its place is named', () => {
  // The word is put together here: this file is read for such words, too.
  const word = ['z', 'oo'].join('');
  expect(proseFindings('a.md', `Fine.\n\nThe ${word} is open.`)).toEqual([`a.md:3 '${word}': say mutants`]);
});

it('the options of a help text are no prose', () => {
  const source = 'const HELP = `Usage: npm run x\n\nDoes it. ${more}\n\n  --all   3`;';
  expect(sentencesOf(helpTextOf(source)).map(({ text }) => text)).toEqual(['Does it.', 'code']);
});
