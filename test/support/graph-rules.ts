import { posix } from 'node:path';
import { cyclesIn, type Graph } from './cycles.ts';
import type { Rule } from './layout-rules.ts';
import { roomOf, rooms } from './rooms.ts';
import { isCode, isTest } from './sources.ts';

const MOST_FILES = 20;

/** An import that is only of a type counts as well: two files that need each other's types are one thing. */
export const importsAreAcyclic: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path));
  const graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      new Set(imports.map(({ target }) => target).filter((target) => paths.has(target))),
    ]),
  );
  return told(graph);
};

/**
 * Of folders that lie beside each other, the rooms among them, none needs another that needs it. What lies in a subfolder
 * counts for the folder. Files directly in the folder above tie its subfolders together, and are none of them.
 */
export const foldersAreAcyclic: Rule = (sources) => {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of sources.filter((source) => !isTest(source))) {
    for (const { target } of imports) {
      const pair = roomOf(target) === undefined ? undefined : partedAt(path, target);
      if (pair !== undefined) graph.set(pair[0], (graph.get(pair[0]) ?? new Set()).add(pair[1]));
    }
  }
  return told(graph);
};

/** The folders in which two paths part; undefined where one of the files lies directly where they do. */
function partedAt(one: string, other: string): [string, string] | undefined {
  const [ours, theirs] = [one.split('/'), other.split('/')];
  const depth = ours.findIndex((name, index) => name !== theirs[index]);
  if (depth >= ours.length - 1 || depth >= theirs.length - 1) return undefined;
  return [ours.slice(0, depth + 1).join('/'), theirs.slice(0, depth + 1).join('/')];
}

const told = (graph: Graph): string[] =>
  cyclesIn(graph).map(([first = '', ...others]) => [first, ...others, first].join(' imports '));

/** A room knows the rooms before it in rooms.json. A test may know any. */
export const noImportRunsUpwards: Rule = (sources) =>
  sources
    .filter((source) => !isTest(source))
    .flatMap(({ path, imports }) => {
      const own = rooms.indexOf(roomOf(path) ?? '');
      const upwards = imports.filter(({ target }) => own >= 0 && rooms.indexOf(roomOf(target) ?? '') > own);
      return upwards.map(({ target }) => `${path} imports ${target}`);
    });

/** Nothing is taken from what is built, from results, or from outside the repository. */
export const importsStayInRooms: Rule = (sources) =>
  sources.flatMap((source) =>
    source.imports
      .filter(({ target, relative }) => relative && roomOf(source.path) !== undefined && roomOf(target) === undefined)
      .map(({ target }) => `${source.path} imports ${target}`),
  );

/** Tests are not counted, and neither are subfolders. */
export const foldersAreSmall: Rule = (sources) => {
  const files = new Map<string, number>();
  for (const source of sources.filter((one) => isCode(one) && !isTest(one))) {
    const folder = posix.dirname(source.path);
    files.set(folder, (files.get(folder) ?? 0) + 1);
  }
  return [...files]
    .filter(([, count]) => count > MOST_FILES)
    .map(([folder, count]) => `${folder} has ${count} files: part it into subfolders of at most ${MOST_FILES}`);
};
