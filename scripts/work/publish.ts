import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRun } from '../../bench/model/run-file.ts';
import { LOCAL, publishRun } from '../../publish/publish.ts';
import { publishedAt } from '../../publish/published.ts';
import { root, UsageError } from '../command.ts';
import { fileOf } from '../run-folders.ts';

export async function main(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0)
    throw new UsageError(`publish takes one folder: npm run publish -- ${LOCAL}/full`);
  const file = fileOf(folder);
  if (!existsSync(file)) throw new UsageError(`There is no run at ${folder}`);
  const published = await publishRun(root, readRun(file));
  process.stdout.write(`Published in ${published}, and in RESULTS.md and README.md. See what changed: git status\n`);
  if (!existsSync(join(root, dirname(publishedAt(root).run), 'claims.json')))
    process.stdout.write(`The article's claims are not in it yet: npm run reproduce\n`);
}
