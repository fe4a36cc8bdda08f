import { formats } from '../audits/report/formats.ts';
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

Or audits a server of your own, by what can be seen from outside:

  --url URL                          such as http://127.0.0.1:3000
  --namespace NAME                   default /
  --credential-file FILE             a valid credential: a token, or the options
                                     {"auth": {...}, "extraHeaders": {...}} of
                                     io(url, ...); - reads standard input. The
                                     default is AUDIT_CREDENTIAL (environment)
  --unwelcome-credential-file FILE   the credential of someone whom the
                                     application refuses
  --event NAME                       an event that a handler acknowledges
                                     (default sendMessage)
  --payload JSON                     its payload (default {"text":"audit"})
  --logout-url URL                   where a POST with the credential ends it
  --hooks FILE                       a module with what the owner can do:
                                     signIn, signOut, ban, expire
  --wait TIME                        how long to wait for the expiry of the
                                     credential (default 60s, at most 1h)
  --destructive                      also run checks that may end or load the
                                     process
  --i-own-this-server                needed for a URL of another machine
  --format FORMAT                    ${Object.keys(formats).join(', ')} (default table)

Exits with 1 if a MUST is broken that no deviation declares, or if a result over
Redis differs from the recorded one in memory. Exits with 2 if nothing could be
audited, or if a report would contain part of a credential.
A report contains no credential that was given or handed out, in any encoding
that the audit knows.`;

await command(HELP, async (args) => (await import('./work/audit.ts')).main(args));
