import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { onNest11 } from '../harness/processes/nest-11.ts';
import type { Platform } from './evidence.ts';

const run = promisify(execFile);
/** How long a demonstration may take where a machine is busy, in ms. */
const PATIENCE = 120_000;
const compiled = fileURLToPath(new URL('demonstrations', import.meta.url));

/** Runs demonstrations, or all, on the Nest of this project and on that of `claims/nest-11`, which is installed where it is not. */
export async function onEveryLine(
  root: string,
  demonstrations: readonly string[] | undefined,
  onLine: (line: string) => void,
): Promise<Platform[]> {
  const copy = await onNest11(root, compiled, 'demonstrations', onLine);
  const platforms: Platform[] = [];
  for (const folder of [compiled, copy]) {
    for (const demonstration of demonstrations ?? ['']) {
      platforms.push(await seenBy(demonstration, folder));
    }
    onLine(`Demonstrations ran on Nest ${platforms.at(-1)?.nest}`);
  }
  return merged(platforms);
}

/** Runs one demonstration, or all of them for an empty name, in a process of its own: on the Nest of this project unless told otherwise. */
export async function seenBy(demonstration: string, folder = compiled): Promise<Platform> {
  const args = [join(folder, 'process.js'), ...(demonstration === '' ? [] : [demonstration])];
  const { stdout } = await run(process.execPath, args, { timeout: PATIENCE });
  return JSON.parse(stdout) as Platform;
}

const merged = (platforms: readonly Platform[]): Platform[] =>
  [...new Set(platforms.map(({ nest }) => nest))].map((nest) => ({
    nest,
    seen: Object.assign(
      {},
      ...platforms.filter((one) => one.nest === nest).map(({ seen }) => seen),
    ) as Platform['seen'],
  }));
