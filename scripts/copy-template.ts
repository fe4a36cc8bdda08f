import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noSuch, UsageError } from './command.ts';

/** It labels rows, and a longer one would make the copy's longest line need formatting. */
const LONGEST_ID = 20;
const RULE = `an id is kebab-case, begins with a letter and has at most ${LONGEST_ID} characters, such as 'opaque-token'`;
const PREFIX = '_template-';

/** The names of the templates under `root`: `jwt` for `strategies/_template-jwt`. */
export function templatesIn(root: string): string[] {
  return readdirSync(join(root, 'strategies'))
    .filter((folder) => folder.startsWith(PREFIX))
    .map((folder) => folder.slice(PREFIX.length))
    .toSorted();
}

/**
 * Copies the template named `from` under `root` to `strategies/<id>`, with its files, classes and labels renamed.
 * Returns the names of the files written. Nothing is written where the id or the template is refused.
 * @throws UsageError
 */
export function copyTemplate(root: string, id: string | undefined, from = 'jwt'): string[] {
  const known = freeId(root, 'strategy', 'strategies', id);
  const there = templatesIn(root);
  if (!there.includes(from)) throw new UsageError(noSuch('template', from, there));
  return copyFolder(root, 'strategies', PREFIX + from, known, (files) => refuseClash(known, files));
}

/** The same for `bench/suites/_template`. */
export const copySuite = (root: string, id: string | undefined): string[] =>
  copyFolder(root, 'bench/suites', '_template', freeId(root, 'suite', 'bench/suites', id));

/** @throws UsageError where the id is none, or is taken */
function freeId(root: string, what: string, room: string, id: string | undefined): string {
  if (id === undefined || id === '') throw new UsageError(`Cannot add a ${what} without an id: ${RULE}`);
  if (id.length > LONGEST_ID || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    throw new UsageError(`Cannot add a ${what} as '${id}': ${RULE}`);
  }
  if (id in {}) throw new UsageError(`Cannot add a ${what} as '${id}': every object has that; choose another id`);
  if (existsSync(join(root, room, id))) {
    throw new UsageError(`Cannot add a ${what} as '${id}': ${room}/${id} is there already; choose another id`);
  }
  return id;
}

interface File {
  readonly name: string;
  readonly text: string;
}

function copyFolder(
  root: string,
  room: string,
  template: string,
  id: string,
  check: (files: readonly File[]) => void = () => {},
): string[] {
  const source = join(root, room, template);
  const files = readdirSync(source).map((name) => ({
    name: name.replace(template, id),
    text: readFileSync(join(source, name), 'utf8'),
  }));
  check(files);
  const target = join(root, room, id);
  mkdirSync(target);
  for (const { name, text } of files) writeFileSync(join(target, name), renamed(text, template, id));
  return files.map(({ name }) => name);
}

/** Nest has a DynamicModule already, for example. */
function refuseClash(id: string, files: readonly File[]): void {
  const clash = new RegExp(`\\b${pascalCase(id)}(Module|Authenticator)\\b`);
  const [name] = files.map(({ text }) => clash.exec(text)?.[0]).filter((found) => found !== undefined);
  if (name === undefined) return;
  throw new UsageError(`Cannot add a strategy as '${id}': the name ${name} is taken; choose another id`);
}

function renamed(text: string, template: string, id: string): string {
  return text
    .replaceAll("role: 'template'", "role: 'strategy'")
    .replaceAll(/\btitle: '[^']*template'/g, `title: '${titleOf(id)}'`)
    .replaceAll(/\bTemplate(?=[A-Z])/g, pascalCase(id))
    .replaceAll(/\bTemplate\b/g, titleOf(id))
    .replaceAll(/\btemplate(?=[A-Z])/g, camelCase(id))
    .replaceAll(template, id);
}

function pascalCase(id: string): string {
  return id.split('-').map(capitalized).join('');
}

const camelCase = (id: string): string => pascalCase(id).replace(/^./, (letter) => letter.toLowerCase());

function titleOf(id: string): string {
  return capitalized(id.replaceAll('-', ' '));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
