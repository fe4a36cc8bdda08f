import { stripVTControlCharacters } from 'node:util';
import { withoutCredentials } from '../../harness/app/wire-log.ts';
import type { Column } from './audit-file.ts';
import { BrokenPromise } from '../broken-promise.ts';

/** Counts the promises kept, and those that apply. */
export function score({ findings }: Column): { readonly kept: number; readonly applicable: number } {
  const applicable = findings.filter(({ outcome }) => outcome !== 'not applicable');
  return { kept: applicable.filter(({ outcome }) => outcome === 'pass').length, applicable: applicable.length };
}

/** The longest reason that a report holds, in characters. */
const LONGEST_REASON = 2000;

/** An expectation that was not met is a finding; any other error means that no answer could be had. */
export const outcomeOf = (error: unknown): 'fail' | 'unknown' =>
  error instanceof BrokenPromise || (error instanceof Error && 'matcherResult' in error) ? 'fail' : 'unknown';

/**
 * Returns the message of an error for a report: in words, without terminal colours and without credentials, since an
 * expectation names what it found. `redact` removes the known credentials before anything is cut.
 */
export const messageOf = (error: unknown, redact = (text: string): string => text): string => {
  const message = error instanceof Error ? error.message : String(error);
  return withoutCredentials(redact(inWords(stripVTControlCharacters(redact(message)))).slice(0, LONGEST_REASON));
};

/** The call of a matcher that stands above its figures, such as `expect(received).toBe(expected) // Object.is equality`. */
const MATCHER = /^expect\(.*\)\.(?:not\.)?(\w+)\(.*\)(?: \/\/ .*)?\n\n/;
/** What a matcher expects that prints no expected value. */
const unprinted: Readonly<Record<string, string>> = { toBeDefined: 'a value', toBeUndefined: 'no value' };

/** Replaces a matcher's layout by one sentence: `expected 0, received 5`. A difference of several lines stays as it is. */
function inWords(message: string): string {
  const [call, name = ''] = MATCHER.exec(message) ?? [];
  if (call === undefined) return message;
  const figures = message.slice(call.length);
  if (!/^(?:Expected|Received)\b[^:\n]*: /.test(figures)) return `expected and received values differ:\n${figures}`;
  const said = figures.replace(/^(Expected|Received)\b([^:\n]*): +/gm, (_, word: string, what: string) => {
    const value = what.replace(/^ value$/, '');
    return `${word.toLowerCase()}${value} `;
  });
  const expected = unprinted[name];
  return (expected === undefined ? said : `expected ${expected}\n${said}`)
    .replaceAll('\n', ', ')
    .replace(/, (?=, )/g, '');
}
