import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** The releases of Node that the suite compares; the one that runs the benchmark takes part in any case. */
const RELEASES = [20, 22, 24];
const OWN = releaseOf(process.version);

/** A Node that can be started. */
export interface Runtime {
  /** Its major version. */
  readonly release: number;
  /** The path of its binary. */
  readonly binary: string;
}

export interface Found {
  readonly runtimes: readonly Runtime[];
  /** Major versions without a binary. */
  readonly missing: readonly number[];
}

/** The Node that runs this, and the others as npm installs them under aliases, seen from the module at `base`. */
export function findRuntimes(base: string = import.meta.url): Found {
  const wanted = [...new Set([OWN, ...RELEASES])].toSorted((a, b) => a - b);
  const runtimes = wanted.flatMap((release): Runtime[] => {
    const binary = release === OWN ? process.execPath : installed(release, base);
    return binary === undefined ? [] : [{ release, binary }];
  });
  return { runtimes, missing: missingFrom(runtimes.map(({ release }) => release)) };
}

/** The major versions that the suite compares and that are not among these. */
export const missingFrom = (releases: readonly number[]): number[] =>
  RELEASES.filter((release) => !releases.includes(release));

/** The binary of an alias; undefined where the package is not there, or its install script did not fetch the binary. */
function installed(release: number, base: string): string | undefined {
  try {
    const binary = join(dirname(createRequire(base).resolve(`node-${release}/package.json`)), 'bin', 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The command that installs every release under an alias, but the one that runs the benchmark. npm removes the aliases
 * of earlier commands, so it names them all. Without `--no-bin-links` npm would link one of them as
 * `node_modules/.bin/node`, and every `npm run` would use that one.
 */
export function installCommand(own = OWN): string {
  const aliases = RELEASES.filter((release) => release !== own).map((release) => `node-${release}@npm:node@${release}`);
  return `npm install --no-save --no-bin-links ${aliases.join(' ')}`;
}

/** The major version of a Node such as `v20.19.0`. */
export function releaseOf(version: string): number {
  return Number.parseInt(version.slice(1), 10);
}

/** Which major versions are not measured, and how to get them; no line where none is missing. */
export function lackText(missing: readonly number[], own = OWN): string[] {
  if (missing.length === 0) return [];
  const names = missing.map((release) => `Node ${release}`).join(', ');
  return [
    `Not measured, because not installed: ${names}. To measure every release, run first: \`${installCommand(own)}\``,
  ];
}
