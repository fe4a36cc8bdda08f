/** The options of an audit of somebody's own server. */
export const SERVER_OPTIONS = `  --config FILE        the description (default ws-audit.json, if there is one)
  --url URL            such as http://127.0.0.1:3000; options replace what the
                       description says
  --source DIR         also read the TypeScript of the server, and give file and
                       line for each finding; without --url and --config,
                       read the source alone
  --platform NAME      socket.io (default), or ws (JSON frames)
  --path PATH          the endpoint (default /socket.io/, or / for ws)
  --namespace NAME     the Socket.IO namespace (default /)
  --transports LIST    websocket, polling or both (default: the first that
                       works)
  --origin ORIGIN      the origin of your own pages
  --credential-file FILE
                       a valid credential: a token, or the options
                       {"auth": {...}, "extraHeaders": {...}} of io(url, ...);
                       - reads standard input. Default: the environment variable
                       AUDIT_CREDENTIAL
  --credential-at PLACE
                       auth.NAME, header.NAME, cookie.NAME, query.NAME or
                       message (default auth.token)
  --second-credential-file FILE, --expired-credential-file FILE,
  --short-credential-file FILE, --unwelcome-credential-file FILE
                       another valid one; an expired one; one that expires
                       within --wait; one of a user whom the application refuses
  --event NAME         an event that only an authenticated client may send
  --arguments JSON     a list of its arguments (default [])
  --payload JSON       the same for one argument
  --answer HOW         ack, none, event:NAME or broadcast:NAME (default: found
                       out from the valid client)
  --before JSON        a list of [NAME, ...arguments] that a client sends first
  --refusal POINTER    a JSON Pointer such as /error, or /status=denied: an
                       answer with this value is a refusal
  --receives LIST      events that only an authenticated client may receive
  --logout-url URL     a POST with the credential to this URL ends it
  --hooks FILE         a module that exports functions of these names: signIn,
                       signInUnwelcome, signOut, ban, changeRoles, expire
  --wait TIME          how long to wait for an expiry (default 60s, at most 1h)
  --budget LIMITS      the most that a run may use (default
                       connections=200,messages=1000,seconds=120)
  --destructive        also send malformed frames and data: they may end the
                       process
  --i-own-this-server  needed for a URL of another machine
  --format FORMAT      table, json, junit, sarif or html (default table)
  --fail-on SEVERITY   critical, high, medium, low or info (default high)
  --strict             also exit with 1 if a question has no answer
  --except ID=REASON   accept a finding; may be given several times
  --baseline FILE      accept the findings that are in this file
  --write-baseline FILE
                       write the findings of this run to it`;

/** The commands of an audit of somebody's own server. */
export const SERVER_COMMANDS = `  init --url URL       write ws-audit.json: looks at the server, and asks you
  schema               print the JSON Schema of ws-audit.json`;

/** The help text of the installed command. */
export const HELP = `Usage: npx nest-ws-audit [COMMAND] [OPTIONS]

Audits a WebSocket server from outside, and reads its source with --source. It
says that something is kept only where a valid client succeeded and a bad one
failed in the same run.

${SERVER_COMMANDS}

${SERVER_OPTIONS}

Exits with 1 if there is a finding of --fail-on or worse. Exits with 2 if
nothing could be audited, such as when the valid client was not admitted, or if
the run stopped before its end.`;
