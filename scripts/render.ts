import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, root } from './command.ts';
import { contradictions } from '../claims/render.ts';
import { judgedAt, renderingsAt } from '../publish/renderings.ts';

const HELP = `Usage: npm run render [-- OPTIONS]

Renders RESULTS.md and README's tables anew from the run that RESULTS.md names and the audit beside it, the JSON Schema of
run files, and the deviations in the strategies' READMEs.

  --check   write nothing; exit 1 where any is not what it is rendered from
  --help`;

await command(HELP, async (args) => {
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
});

/** Every text in Markdown that is not rendered, by its path. */
function prose(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.md') && !/(?:^|\/)(?:node_modules|dist|results|\.git)\//.test(path) && path !== 'RESULTS.md',
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
