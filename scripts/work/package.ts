import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root, UsageError } from '../command.ts';
import { bundle } from '../packing/bundle.ts';
import type { Manifest } from '../packing/entries.ts';
import { isPackageReadme, packageReadme } from '../packing/readme.ts';

/** The build that this command is part of. */
const build = fileURLToPath(new URL('../../', import.meta.url));

/** The packages of this repository: the kit, and the audit, which needs nothing of the kit. */
export const packages = ['.', 'audits'];

const README = join(root, 'README.md');
/** The README of the repository, while npm packs the other one in its place. */
const PUT_ASIDE = join(root, '.tmp', 'README.md');

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' }, readme: { type: 'string' } } });
  if (values.readme !== undefined) return showReadme(values.readme);
  for (const name of packages) {
    const out = resolve(root, values.out ?? '.', name, 'lib');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const manifest = readFileSync(resolve(root, name, 'package.json'), 'utf8');
    await bundle(JSON.parse(manifest) as Manifest, build, out);
  }
  if (values.out !== undefined) writeFileSync(resolve(root, values.out, 'README.md'), packageReadme(full()));
}

/** npm packs README.md whatever the manifest says, so the file itself is replaced while it does. */
function showReadme(which: string): void {
  if (which === 'package') {
    const text = full();
    mkdirSync(join(root, '.tmp'), { recursive: true });
    writeFileSync(PUT_ASIDE, text);
    writeFileSync(README, packageReadme(text));
  } else if (which === 'repository') {
    if (existsSync(PUT_ASIDE)) renameSync(PUT_ASIDE, README);
  } else {
    throw new UsageError(`--readme must be package or repository; got ${which}`);
  }
}

/** The README of the repository, also after a run of npm pack that was stopped. */
function full(): string {
  const text = readFileSync(README, 'utf8');
  return isPackageReadme(text) ? readFileSync(PUT_ASIDE, 'utf8') : text;
}
