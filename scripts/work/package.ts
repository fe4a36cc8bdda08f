import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../command.ts';
import { bundle } from '../packing/bundle.ts';
import type { Manifest } from '../packing/entries.ts';

/** The build that this command is part of. */
const build = fileURLToPath(new URL('../../', import.meta.url));

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string', default: 'lib' } } });
  const out = resolve(root, values.out);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await bundle(JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as Manifest, build, out);
}
