import { parseArgs } from 'node:util';
import { command, root, UsageError } from './command.ts';
import { copyTemplate } from './copy-template.ts';

const HELP = `Usage: npm run new-strategy -- ID [--from TEMPLATE]

Copies strategies/_template-TEMPLATE to strategies/ID, renamed. The copy works as it is.

  --from TEMPLATE   what the copy starts from: jwt, which is the default, or another folder strategies/_template-TEMPLATE

Examples: npm run new-strategy -- short-token
          npm run new-strategy -- api-key --from opaque`;

await command(HELP, (args) => {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { from: { type: 'string' } } });
  const [id] = positionals;
  if (positionals.length > 1) throw new UsageError(`One strategy at a time, got ${positionals.length} ids`);
  const files = copyTemplate(root, id, values.from);
  process.stdout.write(`Added strategies/${id}: ${files.join(', ')}

Next, say how a connection proves itself (${id}.authenticator.ts and client.ts), and what it supports and does
not keep (index.ts). CONTRIBUTING.md has the steps. It works and is in every table already:
  npm run render    writes what it does not keep into its README.md
  npm test
  npm run bench -- --strategy ${id}
`);
});
