/**
 * Whether parsed JSON holds more than `most` values, itself and everything in it counted. An empty object takes up 20 times
 * the memory of its text, so the size of a text alone bounds little.
 */
export function holdsMoreThan(most: number, json: unknown): boolean {
  const found = [json];
  // The list grows while it is read.
  for (const value of found) {
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) if (found.push(inner) > most) return true;
  }
  return false;
}
