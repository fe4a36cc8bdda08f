import { parseArgs } from 'node:util';
import { command, root, UsageError } from './command.ts';
import { copySuite } from './copy-template.ts';

const HELP = `Usage: npm run new-suite -- ID

Copies bench/suites/_template to bench/suites/ID and renames everything in it.
The copy works as it is: a suite of one metric and one chart.

Example: npm run new-suite -- sign-in-time`;

await command(HELP, (args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id] = positionals;
  if (positionals.length > 1) throw new UsageError(`One suite at a time, got ${positionals.length} ids`);
  const files = copySuite(root, id);
  process.stdout.write(`Added bench/suites/${id}: ${files.join(', ')}

Next, write what it measures (index.ts) and what a reader sees of it (section.ts).
It is listed and runs already:
  npm run bench -- --list
  npm run bench -- --suite ${id}
  npm test -- bench/suites/${id}
`);
});
