import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Files that npm packs in addition to `dist`. */
const besideDist = ['package.json', 'README.md', 'LICENSE', 'PROTOCOL.md', 'SECURITY.md'];

/**
 * Packs this package and installs it into the `node_modules` of a folder. It packs a copy, because `dist` is a symbolic link,
 * which npm leaves out. It does not change `dist`, because other tests run from it.
 */
export async function installPacked(folder: string): Promise<void> {
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  for (const name of besideDist) cpSync(join(root, name), join(copy, name));
  cpSync(realpathSync(join(root, 'dist')), join(copy, 'dist'), { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: copy });
  rmSync(copy, { recursive: true });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const installed = join(folder, 'node_modules/nest-ws-auth-lab');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', installed]);
}
