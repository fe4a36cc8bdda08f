import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { rooms } from './rooms.ts';

export interface Import {
  /** From the root for what is in this repository, else as it is written. */
  readonly target: string;
  /** It is written as a path, and so names no package. */
  readonly relative: boolean;
  /** Gone once compiled. `import { type A }` is not: it still loads its module. */
  readonly typeOnly: boolean;
}

/** One file of this repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const CODE = /\.[cm]?[jt]sx?$/;
/** A comment with quotes may stand between the names of an import. */
const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:(?:[^'";/]|\/\/[^\n]*|\/\*[^]*?\*\/)*?\sfrom\s+)?'([^']+)'/gm;
const CALL = /\bimport\(\s*(?:\/\*[^]*?\*\/\s*)?['`]([^'`$]+)['`]/g;

export function sourceOf(path: string, text: string): Source {
  const statements = [...text.matchAll(STATEMENT)].map(([, type, name = '']) => ({
    name,
    typeOnly: type !== undefined,
  }));
  const calls = [...text.matchAll(CALL)].map(([, name = '']) => ({ name, typeOnly: false }));
  const imports = [...statements, ...calls].map(({ name, typeOnly }) => ({
    target: name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
    relative: name.startsWith('.'),
    typeOnly,
  }));
  return { path, text, imports: CODE.test(path) ? imports : [] };
}

/** Every file of code and every Markdown file that someone wrote, of the repository at `root`. */
export function readSources(root: string): Source[] {
  const inRooms = rooms.flatMap((room) => filesIn(root, room));
  const paths = [...readdirSync(root), ...inRooms].filter((path) => CODE.test(path) || path.endsWith('.md'));
  return paths.map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

/** What is published of recorded runs, besides RESULTS.md. */
export function readResults(root: string): Source[] {
  const paths = filesIn(root, 'results').filter((path) => /\.(?:md|html|svg|json)$/.test(path));
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8'), imports: [] }));
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name))
    .filter((path) => !/^claims\/nest-11\/|\/(?:node_modules|lib|partial[^/]*)\//.test(path));
}

export const isCode = ({ path }: Source): boolean => CODE.test(path);
export const isTest = ({ path }: Source): boolean => path.startsWith('test/') || path.endsWith('.test.ts');
export const isIn = (folder: string, path: string): boolean => path.startsWith(`${folder}/`);
