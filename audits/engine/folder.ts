import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Loads the default export of every source file of a folder, in the order of their names. Subfolders, tests and type
 * declarations are left out.
 *
 * @throws TypeError if a file has no default export
 */
export async function loadFolder<T>(folder: URL): Promise<T[]> {
  const extension = extname(import.meta.url);
  const names = readdirSync(fileURLToPath(folder))
    .filter((name) => name.endsWith(extension) && !/\.(?:test|d)\.[jt]s$/.test(name))
    .toSorted();
  return Promise.all(
    names.map(async (name) => {
      const { default: loaded } = (await import(new URL(name, folder).href)) as { default?: T };
      if (loaded === undefined) throw new TypeError(`${name} in ${fileURLToPath(folder)} has no default export`);
      return loaded;
    }),
  );
}
