import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../bench/model/run-file.ts';
import { PublishedError } from '../publish/published.ts';
import { ConfigurationError } from '../strategies/shared/errors.ts';
import { AuditFileError } from '../audits/engine/audit-file.ts';
import { TargetError } from '../audits/remote/target.ts';
import { nearest } from './did-you-mean.ts';

/** A command was called wrongly. `command` prints the message without a stack trace and exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The repository. npm runs scripts there, whatever folder they were called from. */
export const root = process.cwd();

/**
 * Runs a command. `--help` prints `help`. A wrong call exits with 2 and prints no stack trace; a misspelt option gets a
 * suggestion from the options that `help` lists.
 */
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
    if (!existsSync(join(root, 'strategies'))) throw new UsageError('Run this with npm in the repository');
    await run(args);
  } catch (error) {
    if (!isUsage(error)) throw error;
    process.stderr.write(`${textOf(error, help)}\n`);
    process.exitCode = 2;
  }
}

/** The message of an error; an error of `parseArgs` is said in our words. */
export function textOf(error: Error & { code?: unknown }, help: string): string {
  const [, given] = /'(.*?)(?:[ =<'].*)?'/.exec(error.message) ?? [];
  const [, usage = 'npm run'] = /^Usage: ((?:npm run|npx) [\w-]+)/.exec(help) ?? [];
  const isScript = usage.startsWith('npm');
  const asking = isScript ? `${usage} -- --help` : `${usage} --help`;
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    // Options of the other commands of a help text are known, too, but not to this one.
    const known = [...new Set(help.match(/--[a-z][\w-]*/g))].filter((option) => option !== given);
    const guess = given === undefined ? undefined : nearest(given, known);
    const next = guess === undefined ? `See the options: ${asking}` : `Did you mean ${guess}?`;
    return `Unknown option '${given}'. ${next}`;
  }
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return `Unexpected argument '${given}'. ${isScript ? 'Options stand after --, such as' : 'See the options'}: ${asking}`;
  return error.message;
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError ||
  error instanceof ConfigurationError ||
  error instanceof RunFileError ||
  error instanceof PublishedError ||
  error instanceof AuditFileError ||
  error instanceof TargetError ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

/** The item with this id. @throws UsageError that lists the ids, and suggests the one that was probably meant */
export function among<T extends { readonly id: string }>(what: string, items: readonly T[], id: string): T {
  const found = items.find((item) => item.id === id);
  if (found !== undefined) return found;
  throw new UsageError(noSuch(what, id, items.map((each) => each.id))); // prettier-ignore
}

/** `No profile 'quik'. Did you mean quick? There are: smoke, quick, full`. */
export function noSuch(what: string, given: string, known: readonly string[]): string {
  const guess = nearest(given, known);
  const suggestion = guess === undefined ? '' : ` Did you mean ${guess}?`;
  return `No ${what} '${given}'.${suggestion} There are: ${known.join(', ')}`;
}
