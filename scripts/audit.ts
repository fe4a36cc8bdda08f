import { SERVER_COMMANDS, SERVER_OPTIONS } from '../audits/cli/help.ts';
import { command } from './command.ts';
import { STORE_HELP } from './store-option.ts';

const HELP = `Usage: npm run audit [-- OPTIONS]

Checks every promise against every strategy in both variants, and writes the
matrix of results.

  --strategy ID   audit this strategy alone
  --only ID       check this promise alone
  --out DIR       where audit.json and AUDIT.md go (default results/local/audit)
  --publish       write to results/audit instead, and render RESULTS.md and
                  README.md from it; only for a whole audit
${STORE_HELP}
  --list          list the promises, and exit
  --help

Or audits a server of your own, from outside:

${SERVER_COMMANDS}
  targets              run the regression suite: servers with known faults

${SERVER_OPTIONS}

Exits with 1 if a MUST is broken that no deviation declares, or if a result over
Redis differs from the recorded one in memory. Over Redis it also exits with 1
if a revocation ends a connection of another node after more than 200 ms (p99).
For a server of your own it exits with 1 if there is a finding of --fail-on or
worse. Exits with 2 if nothing could be audited, if the run stopped before its
end, or if a report would contain part of a credential.
A report contains no credential that was given or handed out, in any encoding
that the audit knows.`;

await command(HELP, async (args) => (await import('./work/audit.ts')).main(args));
