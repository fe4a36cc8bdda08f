import { editsBetween } from './edits-between.ts';
import { ConfigurationError } from './errors.ts';

/**
 * Stops the start where an option is misspelled: it would have no effect, and its default might be weaker.
 * `path` is put before each name.
 * @throws ConfigurationError `ERR_OPTIONS`
 */
export function requireNames(given: unknown, known: readonly string[], path = ''): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrongOption(`${path.slice(0, -1) || 'the options'} must be an object`, given);
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const [nearest = ''] = known.toSorted((a, b) => editsBetween(a, name) - editsBetween(b, name));
    throw new ConfigurationError(
      'ERR_OPTIONS',
      `There is no option ${path}${name}. The nearest one is ${path}${nearest}. All of them: ${known.join(', ')}`,
    );
  }
}

/** `rule` names the option and says what it must be. Of a string only its type is shown: it may hold a password or key. */
export function wrongOption(rule: string, value: unknown): ConfigurationError {
  const mayBeSecret = typeof value === 'string' || typeof value === 'function' || typeof value === 'object';
  const got = mayBeSecret && value !== null ? `a value of type ${typeof value}` : String(value);
  return new ConfigurationError('ERR_OPTIONS', `${rule}; got ${got}`);
}
