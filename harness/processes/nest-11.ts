import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies a folder of compiled code to where imports of Nest lead to Nest 11, which has a lock file of its own and is
 * installed if it is not yet. Returns the copy.
 */
export async function onNest11(
  root: string,
  compiled: string,
  name: string,
  onLine: (line: string) => void,
): Promise<string> {
  const fixture = join(root, 'claims', 'nest-11');
  if (!existsSync(join(fixture, 'node_modules'))) {
    onLine('Installing Nest 11 into claims/nest-11');
    await install(fixture);
  }
  const copy = join(fixture, name);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  cpSync(compiled, copy, { recursive: true });
  return copy;
}

/** Installs by the lock file. The output of npm goes to the standard error of this process. */
async function install(folder: string): Promise<void> {
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('Cannot install Nest 11: npm ci failed in claims/nest-11');
}
