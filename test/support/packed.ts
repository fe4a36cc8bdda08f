import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The packages, by their folder, and the files that npm packs in addition to those that are built. */
const packages = {
  '.': ['package.json', 'LICENSE'],
  audits: ['package.json', 'README.md', 'ws-audit.schema.json', 'findings'],
};

/**
 * Packs the packages of this repository into a folder, and returns the paths of the tarballs. It packs a copy, because other
 * tests may pack at the same time.
 */
export async function pack(folder: string): Promise<{ readonly kit: string; readonly audit: string }> {
  const copy = join(folder, 'copy');
  for (const [name, files] of Object.entries(packages)) {
    mkdirSync(join(copy, name), { recursive: true });
    for (const file of files) cpSync(join(root, name, file), join(copy, name, file), { recursive: true });
  }
  await run(process.execPath, ['dist/scripts/package.js', '--out', copy], { cwd: root });
  const packed = async (name: string): Promise<string> => {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    const { stdout } = await run('npm', args, { cwd: join(copy, name) });
    return join(folder, stdout.trim());
  };
  const tarballs = { kit: await packed('.'), audit: await packed('audits') };
  rmSync(copy, { recursive: true });
  return tarballs;
}

/** Packs the packages and installs them into the `node_modules` of a folder. Returns the folder of the kit. */
export async function installPacked(folder: string): Promise<string> {
  const { kit, audit } = await pack(folder);
  await installed(audit, join(folder, 'node_modules/nest-ws-audit'));
  return installed(kit, join(folder, 'node_modules/nest-ws-auth-lab'));
}

/** Unpacks a tarball into a folder, as npm does, and returns the folder. */
export async function installed(tarball: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
  return folder;
}
