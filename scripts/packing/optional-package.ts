import assert from 'node:assert';
import { ConfigurationError } from '../../strategies/shared/errors.ts';

/**
 * Returns what `load` does. The packed package loads those packages with it that only some applications need.
 *
 * @param version the version of the package that has to be installed, such as 11.1.0; default: the newest
 * @throws ConfigurationError `ERR_PACKAGE_MISSING` if the package `name` is not installed
 */
export function optionalPackage<T>(name: string, load: () => T, version?: () => string): T {
  try {
    return load();
  } catch (error) {
    if (!isMissing(name, error)) throw error;
    const [major] = version?.().split('.') ?? [];
    const wanted = major === undefined ? name : `${name}@${major}`;
    const missing = new ConfigurationError('ERR_PACKAGE_MISSING', `${name} is not installed: npm install ${wanted}`);
    // The stack names only files of loaders. Node also prints the line that throws, which would be this whole file, minified.
    missing.stack = `${missing.name}: ${missing.message}`;
    return assert.fail(missing);
  }
}

/** A package that is installed may itself fail to load, or lack another one. */
function isMissing(name: string, error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return code === 'MODULE_NOT_FOUND' && String(message).startsWith(`Cannot find module '${name}'`);
}
