import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whatever the folders beside a registry hold. */
export interface FolderRegistry<T> {
  /** All of them, in the order of their folders' names. */
  all(): Promise<T[]>;
  /** The one named `id`; no other is loaded. @throws TypeError that names those there are */
  one(id: string): Promise<T>;
}

/**
 * Finds things by their folder: each folder beside the module at `url`, except `shared`, has an `index` that exports one by
 * default, whose id is the folder's name. `kind` names one in errors.
 *
 * @example const registry = folderRegistry<Strategy>(import.meta.url, 'strategy');
 */
export function folderRegistry<T extends { readonly id: string }>(url: string, kind: string): FolderRegistry<T> {
  const here = new URL('./', url);
  const path = fileURLToPath(here);
  const folders = (): string[] =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .map((entry) => entry.name)
      .toSorted();
  const load = async (folder: string): Promise<T> => {
    const { href } = new URL(`./${folder}/index${extname(url)}`, here);
    const { default: found } = (await import(href)) as { default?: T };
    if (found?.id === folder) return found;
    throw new TypeError(
      `${basename(path)}/${folder}/index.ts must export a ${kind} by default whose id is '${folder}'; its id is '${found?.id}'`,
    );
  };
  return {
    all: () => Promise.all(folders().map(load)),
    async one(id) {
      const there = folders();
      if (!there.includes(id)) throw new TypeError(`No ${kind} '${id}'; there are: ${there.join(', ')}`);
      return load(id);
    },
  };
}
