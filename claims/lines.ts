import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
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
  const fixture = join(root, 'claims', 'nest-11');
  if (!existsSync(join(fixture, 'node_modules'))) {
    onLine('Installing Nest 11 into claims/nest-11');
    await install(fixture);
  }
  const copy = join(fixture, 'demonstrations');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  cpSync(compiled, copy, { recursive: true });
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

/** By its lock file, with what it says on this process's standard error. */
async function install(folder: string): Promise<void> {
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('Cannot install Nest 11: npm ci failed in claims/nest-11');
}

const merged = (platforms: readonly Platform[]): Platform[] =>
  [...new Set(platforms.map(({ nest }) => nest))].map((nest) => ({
    nest,
    seen: Object.assign(
      {},
      ...platforms.filter((one) => one.nest === nest).map(({ seen }) => seen),
    ) as Platform['seen'],
  }));
