import { parseArgs } from 'node:util';
import { command, root, UsageError } from './command.ts';
import { copyTemplate } from './copy-template.ts';

const HELP = `Usage: npm run new-strategy -- ID

Copies strategies/_template to strategies/ID, renamed. The copy works as it is.
Example: npm run new-strategy -- opaque-token`;

await command(HELP, (args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id] = positionals;
  if (positionals.length > 1) throw new UsageError(`One strategy at a time, got ${positionals.length} ids`);
  const files = copyTemplate(root, id);
  process.stdout.write(`Added strategies/${id}: ${files.join(', ')}

Next, say how a connection proves itself (${id}.authenticator.ts and client.ts), and what it supports and does
not keep (index.ts). It works and is in every table already:
  npm run render    writes what it does not keep into its README.md
  npm test
  npm run bench -- --strategy ${id}
`);
});
