import { formats } from '../../audits/report/formats.ts';

/** What the options of an audit from outside mean, for help texts. */
export const SERVER_HELP = `  --url URL                          such as http://127.0.0.1:3000
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
  --format FORMAT                    ${Object.keys(formats).join(', ')} (default table)`;
