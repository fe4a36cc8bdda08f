import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../command.ts';
import { contradictions } from '../../claims/render.ts';
import { judgedAt, renderingsAt } from '../../publish/renderings.ts';

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  for (const [name, text] of Object.entries(await renderingsAt(root))) {
    const path = join(root, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    if (!values.check) writeFileSync(path, text);
    else {
      process.stderr.write(`${name} is not what it is rendered from; write it with: npm run render\n`);
      process.exitCode = 1;
    }
  }
  for (const line of contradictions(judgedAt(root), prose())) {
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  }
}

/** Every Markdown file that is written by hand, by its path. */
function prose(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.md') && !/(?:^|\/)(?:node_modules|dist|results|\.git)\//.test(path) && path !== 'RESULTS.md',
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
