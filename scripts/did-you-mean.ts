import { editsBetween } from '../strategies/shared/edits-between.ts';

/**
 * The known word that a misspelt one most likely stands for; undefined where none is near enough.
 *
 * @example nearest('quik', ['quick', 'full']) // 'quick'
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const near = known
    .map((candidate) => ({ candidate, edits: editsBetween(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(Math.min(word.length, candidate.length) / 3)));
  if (near.length > 0) return near.reduce((best, one) => (one.edits < best.edits ? one : best)).candidate;
  // An id that was cut short, such as `handshake` for `handshake-only`.
  const longer = word.length < 3 ? [] : known.filter((candidate) => candidate.toLowerCase().startsWith(word));
  return longer.length === 1 ? longer[0] : undefined;
}
