import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Files that npm packs in addition to `lib`. */
const besideLib = ['package.json', 'README.md', 'LICENSE'];

/**
 * Packs this package into a folder, and returns the path of the tarball. It packs a copy, because other tests may pack at the
 * same time.
 */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, 'copy');
  mkdirSync(copy, { recursive: true });
  for (const name of besideLib) cpSync(join(root, name), join(copy, name));
  await run(process.execPath, ['dist/scripts/package.js', '--out', join(copy, 'lib')], { cwd: root });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: copy,
  });
  rmSync(copy, { recursive: true });
  return join(folder, stdout.trim());
}

/** Packs this package and installs it into the `node_modules` of a folder. Returns the folder of the installed package. */
export async function installPacked(folder: string): Promise<string> {
  const tarball = await pack(folder);
  const installed = join(folder, 'node_modules/nest-ws-auth-lab');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  return installed;
}
