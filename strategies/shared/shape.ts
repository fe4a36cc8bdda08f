/** Says whether an unknown value has a type. */
export type Check<T> = (value: unknown) => value is T;

/** A string of so many UTF-16 code units. */
export const text =
  (least = 0, most = Infinity): Check<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length >= least && value.length <= most;

/** A finite number that is at least so large. */
export const number =
  (least = -Infinity): Check<number> =>
  (value): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value >= least;

export const positive: Check<number> = (value): value is number => number(0)(value) && value > 0;

export const listOf =
  <T>(check: Check<T>, most = Infinity): Check<T[]> =>
  (value): value is T[] =>
    // The copy has no holes, which `every` would skip.
    Array.isArray(value) && value.length <= most && [...(value as unknown[])].every(check);

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

/** Returns a reader of objects: those fields alone, or undefined if a field fails its check. Missing fields stay missing. */
export function shapeOf<T extends object>(fields: {
  readonly [K in keyof T]: Check<T[K]>;
}): (value: unknown) => T | undefined {
  const checks = Object.entries<Check<unknown>>(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const read: Record<string, unknown> = {};
    for (const [name, check] of checks) {
      const field = (value as Readonly<Record<string, unknown>>)[name];
      if (!check(field)) return undefined;
      if (field !== undefined) read[name] = field;
    }
    return read as T;
  };
}
