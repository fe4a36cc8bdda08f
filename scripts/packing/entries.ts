import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The fields of package.json that decide about the package. */
export interface Manifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Names such as `strategies/session/client`: paths of sources without their ending. */
export interface Entries {
  /** Modules that an application imports. */
  readonly modules: readonly string[];
  /** The modules among them that browsers load as well. */
  readonly browser: readonly string[];
  /** Commands. */
  readonly bins: readonly string[];
}

/**
 * The entries of the package: each file that `exports` and `bin` name in `lib/` has the path of its source. A `*` stands for
 * every folder that has such a file. Folders that begin with `_` are for the lab alone.
 *
 * @throws Error if a source is missing
 */
export function entriesOf({ exports, bin = {} }: Pick<Manifest, 'exports' | 'bin'>, build: string): Entries {
  const named = (text: unknown, pattern: RegExp): string[] => {
    const names = [...JSON.stringify(text).matchAll(pattern)].flatMap(([, name = '']) => foldersOf(name, build));
    return [...new Set(names)].toSorted();
  };
  const entries = {
    modules: named(exports, /\.\/lib\/([^"]+?)\.cjs"/g),
    browser: named(exports, /\.\/lib\/browser\/([^"]+?)\.js"/g),
    bins: named(bin, /\.\/lib\/([^"]+?)\.cjs"/g),
  };
  const missing = Object.values(entries)
    .flat()
    .find((name) => !existsSync(join(build, `${name}.js`)));
  if (missing !== undefined) throw new Error(`package.json names ${missing} in lib/, but there is no ${missing}.ts`);
  return entries;
}

function foldersOf(name: string, build: string): string[] {
  const [parent, rest] = name.split('*');
  if (parent === undefined || rest === undefined) return [name];
  return readdirSync(join(build, parent))
    .filter((folder) => !folder.startsWith('_') && existsSync(join(build, `${parent}${folder}${rest}.js`)))
    .map((folder) => `${parent}${folder}${rest}`);
}
