import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../model/run-file.ts';

/** The file that keeps other runs out of the folder of a run that is still going on. It holds the id of its process. */
export const LOCK_FILE = 'run.lock';

/**
 * Keeps other runs out of this folder until `unlock`, or until this process ends.
 *
 * @throws RunFileError while another run goes on in it
 */
export function lock(folder: string): void {
  refuseLocked(folder);
  const file = join(folder, LOCK_FILE);
  // A killed process leaves its lock behind.
  if (ownerOf(folder) !== undefined) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    // Another run took the lock in between, or the disk is full: then an empty file is left.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') refuseLocked(folder);
    else rmSync(file, { force: true });
    throw error;
  }
  process.once('exit', () => unlock(folder));
}

/** Ends the lock that this process has on this folder, if it has one. */
export function unlock(folder: string): void {
  if (ownerOf(folder) === process.pid) rmSync(join(folder, LOCK_FILE), { force: true });
}

export const isLocked = (folder: string): boolean => otherOwnerOf(folder) !== undefined;

/** @throws RunFileError while another run goes on in this folder */
export function refuseLocked(folder: string): void {
  const owner = otherOwnerOf(folder);
  if (owner === undefined) return;
  throw new RunFileError(
    `A run is going on in ${folder} (process ${owner}): wait for it, or name another folder by --out. ` +
      `If that process is not a benchmark run, delete ${join(folder, LOCK_FILE)}`,
  );
}

/** The process that locked this folder, if it is another one and still runs. */
function otherOwnerOf(folder: string): number | undefined {
  const owner = ownerOf(folder);
  return owner !== undefined && owner !== process.pid && isRunning(owner) ? owner : undefined;
}

/** The process that locked this folder; undefined if none did. */
function ownerOf(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, LOCK_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Any other error says that there is such a process, or that the file is not readable as one.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
