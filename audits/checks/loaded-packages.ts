import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { advisories } from './advisories.ts';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
}

/** One copy of a package on disk. */
interface Copy {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The folder of the package that this file is of, compiled or not. */
function ownFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** The copy that Node gives to whatever asks for `name` from `folder`; undefined where nothing is installed. */
function resolve(name: string, folder: string): string | undefined {
  for (let from = folder; ; from = dirname(from)) {
    const found = join(from, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return realpathSync(found);
    if (from === dirname(from)) return undefined;
  }
}

/** Every copy that the package in `root` loads, and that these load in their turn; what only its development takes is none. */
function loadedFrom(root: string): Copy[] {
  const copies = new Map<string, Copy>();
  const visit = (folder: string): void => {
    const { dependencies, optionalDependencies, peerDependencies } = manifestIn(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = resolve(name, folder);
      if (found === undefined || copies.has(found)) continue;
      const { name: own = name, version = '0.0.0' } = manifestIn(found);
      copies.set(found, { name: own, version, folder: found });
      visit(found);
    }
  };
  visit(root);
  return [...copies.values()];
}

/** Lists each loaded copy that has known advisories, a line each: its name, version, folder and advisories. */
export function faultyFrom(root = ownFolder()): string[] {
  return loadedFrom(root).flatMap(({ name, version, folder }) => {
    const known = Object.hasOwn(advisories, name) ? advisories[name]! : [];
    const ids = known.filter(({ affected }) => affected.some((range) => within(version, range))).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${name} ${version} in ${relative(root, folder)}: ${ids.join(', ')}`];
  });
}

/** Whether a version is in a range such as `>=4.0.0 <4.2.7`. */
const within = (version: string, range: string): boolean =>
  range.split(' ').every((bound) => {
    const [, from, to] = /^(?:>=(.+)|<(.+))$/.exec(bound)!;
    return to === undefined ? !isOlder(version, from!) : isOlder(version, to);
  });

/** Compares as SemVer does: major, minor and patch first; a pre-release is older than its release (SemVer 2.0.0, 11). */
function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [version, than].map(partsOf);
  for (let at = 0; at < Math.max(mine!.length, theirs!.length); at++) {
    const [one, other] = [mine![at], theirs![at]];
    if (one === other) continue;
    // The one without a further part is the release itself (newer), or the shorter pre-release (older).
    if (one === undefined || other === undefined) return at === 3 ? other === undefined : one === undefined;
    if (typeof one === 'number' && typeof other === 'number') return one < other;
    return typeof one === typeof other ? one < other : typeof one === 'number';
  }
  return false;
}

function partsOf(version: string): (number | string)[] {
  const [release = '', ...pre] = version.split('+', 1)[0]!.split('-');
  const parts = pre.length === 0 ? [] : pre.join('-').split('.');
  return [...release.split('.'), ...parts].map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
