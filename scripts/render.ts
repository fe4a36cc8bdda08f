import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRun, runJsonSchema } from '../bench/run-file.ts';
import { command, root, UsageError } from './command.ts';
import { publishedRun, renderings } from './publish.ts';
import { spliced } from './splice.ts';

const HELP = `Usage: npm run render [-- OPTIONS]

Renders RESULTS.md and README's table anew from the run that RESULTS.md names, and the JSON Schema of run files.

  --check   write nothing; exit 1 where either is not what that run gives
  --help`;

await command(HELP, (args) => {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  const source = publishedRun(root);
  const run = readRun(join(root, source));
  const wanted = {
    ...renderings(run, source),
    'README.md': spliced(read('README.md'), run),
    'results/run.schema.json': `${JSON.stringify(runJsonSchema(), null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(wanted)) {
    const path = join(root, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    if (!values.check) writeFileSync(path, text);
    else {
      process.stderr.write(`${name} is not what ${source} gives; write it with: npm run render\n`);
      process.exitCode = 1;
    }
  }
});

function read(name: string): string {
  const path = join(root, name);
  if (!existsSync(path)) throw new UsageError(`There is no ${name}; write it with: npm run bench`);
  return readFileSync(path, 'utf8');
}
