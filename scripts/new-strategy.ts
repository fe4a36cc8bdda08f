import { parseArgs } from 'node:util';
import { command, root, UsageError } from './command.ts';
import { copyTemplate } from './copy-template.ts';

const HELP = `Usage: npm run new-strategy -- ID [--from TEMPLATE]

Copies strategies/_template-TEMPLATE to strategies/ID and renames everything in
it. The copy works as it is.

  --from TEMPLATE   jwt (default) or opaque
  --help

Examples: npm run new-strategy -- short-token
          npm run new-strategy -- api-key --from opaque`;

await command(HELP, (args) => {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { from: { type: 'string' } } });
  const [id] = positionals;
  if (positionals.length > 1) throw new UsageError(`One strategy at a time, got ${positionals.length} ids`);
  const files = copyTemplate(root, id, values.from);
  process.stdout.write(`Added strategies/${id}: ${files.join(', ')}

Next, write how a connection proves its identity (${id}.authenticator.ts, client.ts),
and which promises it does not keep (index.ts). CONTRIBUTING.md has the steps.
The copy works and is in every table already:
  npm run render                       # writes its deviations into its README.md
  npm test
  npm run bench -- --strategy ${id}
`);
});
