import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../bench/model/run-file.ts';
import { PublishedError } from '../publish/published.ts';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { AuditFileError } from '../audits/engine/audit-file.ts';
import { TargetError } from '../audits/remote/target.ts';

/** A call whose words are off: told in one line, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The repository: npm runs scripts there, whatever folder they were called from. */
export const root = process.cwd();

/** Runs a command: `--help` prints `help`, wrong usage ends with 2 and no stack trace. */
export async function command(help: string, run: (args: string[]) => void | Promise<void>): Promise<void> {
  const args = process.argv.slice(2);
  // The reader of a pipe, such as head, may leave before everything is written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${help}\n`);
    return;
  }
  try {
    if (!existsSync(join(root, 'strategies'))) throw new UsageError('Run this by npm, in the repository');
    await run(args);
  } catch (error) {
    if (!isUsage(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError ||
  error instanceof ConfigurationError ||
  error instanceof RunFileError ||
  error instanceof PublishedError ||
  error instanceof AuditFileError ||
  error instanceof TargetError ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

/** The item with this id. @throws UsageError that names those there are */
export function among<T extends { readonly id: string }>(what: string, items: readonly T[], id: string): T {
  const found = items.find((item) => item.id === id);
  if (found !== undefined) return found;
  throw new UsageError(`No ${what} '${id}'; there are: ${items.map((item) => item.id).join(', ')}`);
}
