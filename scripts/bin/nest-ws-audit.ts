#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { auditServer, serverOptions } from '../audit-server.ts';
import { textOf, UsageError } from '../command.ts';
import { SERVER_HELP } from './server-help.ts';

const HELP = `Usage: npx nest-ws-audit --url URL [OPTIONS]

Checks which promises a server keeps, by what can be seen from outside.

${SERVER_HELP}
  --only ID                          check this promise alone
  --help

Exits with 1 if a MUST is broken. Exits with 2 if nothing could be audited, or if
a report would contain part of a credential.`;

/** The command of the installed package, which runs in any folder. */
async function main(args: string[]): Promise<void> {
  const options = { ...serverOptions, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  if (values.url === undefined) throw new UsageError('--url is missing, such as --url http://127.0.0.1:3000');
  await auditServer({ ...values, url: values.url });
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${textOf(error, HELP)}\n`);
  process.exitCode = 2;
});
