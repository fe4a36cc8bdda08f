import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface Import {
  /** From the root for what is in this repository, else as it is written. */
  readonly target: string;
  /** Gone once compiled. `import { type A }` is not: it still loads its module. */
  readonly typeOnly: boolean;
}

/** One file of this repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const CALL = /\bimport\(\s*'([^']+)'/g;

export function sourceOf(path: string, text: string): Source {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, name = '']) => ({
    name,
    typeOnly: type !== undefined,
  }));
  const calls = [...text.matchAll(CALL)].map(([, name = '']) => ({ name, typeOnly: false }));
  const imports = [...statements, ...calls].map(({ name, typeOnly }) => ({
    target: name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
    typeOnly,
  }));
  return { path, text, imports: path.endsWith('.ts') ? imports : [] };
}

const rooms = ['strategies', 'gateways', 'harness', 'bench', 'peers', 'scripts', 'test'];

/** Every TypeScript and Markdown file that someone wrote, of the repository at `root`. */
export function readSources(root: string): Source[] {
  const inRooms = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => posix.join(room, name)),
  );
  return [...readdirSync(root), ...inRooms]
    .filter((path) => /\.(ts|md)$/.test(path))
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

export const isTest = ({ path }: Source): boolean => path.startsWith('test/') || path.endsWith('.test.ts');
export const isIn = (folder: string, path: string): boolean => path.startsWith(`${folder}/`);
