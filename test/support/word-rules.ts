import type { Rule } from './layout-rules.ts';
import type { Source } from './sources.ts';

/**
 * Words that this project used for a thing before it took the field's own, and what to say now. Only words are here that
 * nobody needs for anything else.
 */
const words: Readonly<Record<string, string>> = {
  arm: 'entry',
  stall: 'entry',
  contender: 'entry',
  contestant: 'entry',
  entrant: 'entry',
  rung: 'platform layer',
  ladder: 'platform layers',
  zoo: 'mutants',
  specimen: 'mutant, or demonstration of a claim',
  outsider: 'invalid-credential probe',
  crowd: 'client fleet',
  turnstile: 'ConcurrencyLimiter',
  mood: 'CPU contention',
  horizon: 'latestExpiry',
  grant: 'issued credential',
};
const phrases: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bopen[ -]doors?\b|\bopenDoors?/i, 'no-auth baseline'],
  [/\b(?:gives?|gave|giving)[ -]way\b/i, 'stays usable after it should have ended'],
  [/\bholderOf\b/, 'requireCurrentPrincipal'],
];

/** Where such a word is plain English, or someone else's. */
const exceptions: readonly { readonly word: string; readonly line: RegExp; readonly why: string }[] = [
  { word: 'arm', line: /#arm\(\)/, why: 'A timer is armed' },
  { word: 'grant', line: /[/|]grant\||\bfor grant header\b/, why: 'Other servers use the name for a credential' },
];
/** What went over the wire when a run was recorded is quoted, and stays as it was. */
const quoted = { word: 'grant', folder: 'results' };

const isException = (word: string, path: string, line: string): boolean =>
  exceptions.some((one) => one.word === word && one.line.test(line)) ||
  (word === quoted.word && path.startsWith(`${quoted.folder}/`));

/** The words of a text, those within an identifier apart: `latestRung` has two. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .match(/[A-Za-z]+/g)
    ?.map((word) => word.toLowerCase()) ?? [];

/** The path of a file counts as its first line. */
export const wordsAreThoseOfTheField: Rule = (sources) =>
  sources.filter(({ path }) => path !== 'test/support/word-rules.ts').flatMap(oldWordsIn);

/** Such words in one file. */
export function oldWordsIn({ path, text }: Source): string[] {
  return [path, ...text.split('\n')].flatMap((line, index) => {
    const old = wordsOf(line)
      .map((word) => word.replace(/s$/, ''))
      .filter((word) => Object.hasOwn(words, word) && !isException(word, path, line))
      .map((word) => `'${word}': say ${words[word]}`);
    const oldPhrases = phrases
      .filter(([phrase]) => phrase.test(line))
      .map(([phrase, instead]) => `'${phrase.exec(line)![0]}': say ${instead}`);
    return [...new Set([...old, ...oldPhrases])].map((found) => `${path}:${index} ${found}`);
  });
}
