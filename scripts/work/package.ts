import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../command.ts';
import { bundle } from '../packing/bundle.ts';
import type { Manifest } from '../packing/entries.ts';

/** The build that this command is part of. */
const build = fileURLToPath(new URL('../../', import.meta.url));

/** The packages of this repository: the kit, and the audit, which needs nothing of the kit. */
export const packages = ['.', 'audits'];

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string', default: '.' } } });
  for (const name of packages) {
    const out = resolve(root, values.out, name, 'lib');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const manifest = readFileSync(resolve(root, name, 'package.json'), 'utf8');
    await bundle(JSON.parse(manifest) as Manifest, build, out);
  }
}
