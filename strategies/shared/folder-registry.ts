import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whatever the folders beside a registry hold. */
export interface FolderRegistry<T> {
  /** All of them, in the order of their folders' names. */
  all(): Promise<T[]>;
  /** The one named `id`; no other is loaded. @throws TypeError that names those there are */
  one(id: string): Promise<T>;
  /** The module `name` in the folder of the one named `id`, whose `index` is not loaded. @throws TypeError likewise */
  part<P>(id: string, name: string): Promise<P>;
}

/**
 * Finds things by their folder: each folder beside the module at `url`, except those that `without` names, has an `index`
 * that exports one by default, whose id is the folder's name. `kind` names one in errors.
 *
 * @example const registry = folderRegistry<Strategy>(import.meta.url, 'strategy');
 */
export function folderRegistry<T extends { readonly id: string }>(
  url: string,
  kind: string,
  without: readonly string[] = ['shared'],
): FolderRegistry<T> {
  const here = new URL('./', url);
  const path = fileURLToPath(here);
  const folders = (): string[] =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !without.includes(entry.name))
      .map((entry) => entry.name)
      .toSorted();
  const load = async <M>(folder: string, name: string): Promise<M> =>
    (await import(new URL(`./${folder}/${name}${extname(url)}`, here).href)) as M;
  const loadIndex = async (folder: string): Promise<T> => {
    const { default: found } = await load<{ default?: T }>(folder, 'index');
    if (found?.id === folder) return found;
    throw new TypeError(
      `${basename(path)}/${folder}/index.ts must export a ${kind} by default whose id is '${folder}'; its id is '${found?.id}'`,
    );
  };
  const known = (id: string): string => {
    const there = folders();
    if (!there.includes(id)) throw new TypeError(`No ${kind} '${id}'; there are: ${there.join(', ')}`);
    return id;
  };
  return {
    all: () => Promise.all(folders().map(loadIndex)),
    one: async (id) => loadIndex(known(id)),
    part: async (id, name) => load(known(id), name),
  };
}

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
