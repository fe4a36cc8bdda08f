import { jsonSchema } from '../remote/description/schema.ts';
import { HELP } from './help.ts';
import { init } from './init.ts';
import { parsed } from './options.ts';
import { type Output, runAudit } from './run-audit.ts';

/** The first words that stand for a command. Without one, a server is audited. */
export const commands: Readonly<Record<string, (args: readonly string[], output: Output) => Promise<number>>> = {
  init,
  schema: async (_, { out }) => (out(`${JSON.stringify(jsonSchema(), null, 2)}\n`), 0),
};

/** Standard output and standard error. */
export const standard: Output = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/**
 * The audit of somebody's own server as a command. Returns the exit code.
 *
 * @throws TargetError or a TypeError of `parseArgs` for a wrong call; the message says what to change
 */
export async function main(args: readonly string[], output: Output = standard): Promise<number> {
  const [first = '', ...rest] = args;
  if (args.includes('--help') || args.includes('-h')) {
    output.out(`${HELP}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command !== undefined) return command(rest, output);
  return runAudit(parsed(args).values, output);
}
