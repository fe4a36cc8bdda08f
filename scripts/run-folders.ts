import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { describeEnvironment, sameMachineAndCode } from '../bench/model/environment.ts';
import { isLocked, lock, LOCK_FILE, refuseLocked, unlock } from '../bench/engine/folder-lock.ts';
import { readRun, type Run, RunFileError, writeRun } from '../bench/model/run-file.ts';
import { LOCAL } from '../publish/publish.ts';
import { root, UsageError } from './command.ts';

/** The folder of a run without --out: `results/local/quick`, or `results/local/quick-expiry-session` for a part of it. */
export const localFolder = (profile: string, { suite, strategy }: { suite?: string | undefined; strategy?: string | undefined }): string =>
  join(root, LOCAL, [profile, suite, strategy].filter((part) => part !== undefined).join('-')); // prettier-ignore

/**
 * Makes the folder of a new run, and keeps other runs out of it. A run that is there already is not lost: its folder gets
 * the name `<folder>.previous`.
 *
 * @throws UsageError where the folder is the repository's, holds files that no run wrote, or cannot be written
 * @throws RunFileError while another run goes on in the folder
 */
export function makeFolder(path: string): void {
  refuseTracked(path);
  const previous = `${resolve(path)}.previous`;
  try {
    make(path);
    lock(path);
    if (existsSync(join(path, 'run.json'))) {
      for (const folder of [path, previous]) refuseForeign(folder);
      refuseLocked(previous);
      rmSync(previous, { recursive: true, force: true });
      renameSync(path, previous);
      unlock(previous);
      make(path);
      lock(path);
      process.stderr.write(`The run that was in ${shown(path)} is kept in ${shown(previous)}\n`);
    }
  } catch (cause) {
    if (cause instanceof UsageError || cause instanceof RunFileError) throw cause;
    throw new UsageError(`Cannot write to the folder ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Makes a folder, and those above it. The `recursive` option of Node does not return below `/proc`. */
function make(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (!existsSync(folder)) make(dirname(resolve(folder)));
  mkdirSync(folder);
}

/** A run changes no tracked file, so that of the repository it may write to folders in `results/local/` alone. */
function refuseTracked(path: string): void {
  const real = realOf(resolve(path));
  const isBelow = (folder: string): boolean => real.startsWith(`${folder}${sep}`);
  const repository = realpathSync(root);
  if ((real !== repository && !isBelow(repository)) || isBelow(join(repository, LOCAL))) return;
  throw new UsageError(`--out takes a folder of its own, such as ${LOCAL}/mine; ${path} belongs to the repository`);
}

/** The path without symbolic links, also where its last parts do not exist yet. */
function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realOf(above), basename(path));
}

/** Files that a run writes, besides pictures. */
const WRITTEN = new Set(['run.json', LOCK_FILE, 'blocks.jsonl', 'report.html', 'RESULTS.md', 'DETAILS.md']);
/** The end of the name of a file while it is written. */
const UNFINISHED = /\.part$/;

/** A folder makes way for a new run only as a whole, so it may hold nothing else. */
function refuseForeign(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const foreign = names.find((name) => !WRITTEN.has(name.replace(UNFINISHED, '')) && !name.endsWith('.svg'));
  if (foreign === undefined) return;
  throw new UsageError(
    `${shown(folder)} holds ${foreign}, which no run wrote: move it, or name another folder by --out`,
  );
}

/** The file of a run that is named by its folder, or by the file itself. */
export const fileOf = (path: string): string =>
  existsSync(path) && statSync(path).isDirectory() ? join(path, 'run.json') : path;

/** The folder of the run that was stopped last. @throws UsageError where no stopped run is in `results/local` */
export function stoppedFolder(): string {
  const folders = existsSync(join(root, LOCAL)) ? readdirSync(join(root, LOCAL)) : [];
  const stopped = folders
    .filter((name) => !name.endsWith('.previous') && existsSync(join(root, LOCAL, name, 'run.json')))
    .map((name) => join(root, LOCAL, name))
    .filter((folder) => !isLocked(folder) && !isComplete(join(folder, 'run.json')))
    .toSorted((a, b) => statSync(join(b, 'run.json')).mtimeMs - statSync(join(a, 'run.json')).mtimeMs);
  if (stopped[0] !== undefined) return stopped[0];
  throw new UsageError(`There is no stopped run in ${LOCAL} to go on with; name its folder with --out`);
}

/**
 * The stopped run in a folder; keeps other runs out of it.
 *
 * @throws UsageError where it cannot go on
 * @throws RunFileError while it is still going on
 */
export function stoppedRun(folder: string): Run {
  const file = join(folder, 'run.json');
  if (!existsSync(file)) throw new UsageError(`There is no run to go on with in ${folder}`);
  refuseLocked(folder);
  const run = readRun(file);
  if (run.complete) throw new UsageError(`The run in ${folder} is complete: there is nothing to go on with`);
  const difference = sameMachineAndCode(run.environment, describeEnvironment(root));
  if (difference !== undefined)
    throw new UsageError(`Cannot go on with the run in ${folder}: ${difference} has changed since it was stopped`);
  lock(folder);
  return run;
}

function isComplete(file: string): boolean {
  try {
    return readRun(file).complete;
  } catch (error) {
    if (error instanceof RunFileError) return true;
    throw error;
  }
}

/** The file of the baseline of this name. @throws UsageError for a wrong name, or if there is no such baseline */
export function baselineFile(name: string, toWrite = false): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,40}$/i.test(name))
    throw new UsageError(`The name of a baseline is a word such as before-upgrade; got '${name}'`);
  const file = join(root, LOCAL, 'baselines', name, 'run.json');
  if (toWrite || existsSync(file)) return file;
  throw new UsageError(`There is no baseline '${name}'; keep one with: npm run bench -- --save-baseline ${name}`);
}

export function saveBaseline(file: string, run: Run): void {
  mkdirSync(dirname(file), { recursive: true });
  writeRun(file, run);
}

/** A path as it is printed: relative to the repository where it is below it. */
export function shown(path: string): string {
  const within = relative(root, path);
  return within.startsWith('..') ? resolve(path) : within;
}
