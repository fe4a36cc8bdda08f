import { command } from './command.ts';
import { QUANTITIES_HELP } from './quantities.ts';

const HELP = `Usage: npm run play [-- OPTIONS]
       npm start -- STRATEGY [--ttl TIME]

Starts servers and a page on this machine, and prints the address of the page.
There you watch connections as their credentials end. Each strategy in both
variants, the article's gateway and Nest's documented guard have a lane. Buttons
let tokens expire, sign users out, ban them, cut the network and restart the
servers.

With a STRATEGY or a peer there is no page. It starts that server alone, and
prints how you sign in and connect by hand, with curl and a short client.

  --strategy ID     only this strategy in both variants, or only this peer
  --ttl TIME        how long credentials live (default 10s; 60s by hand)
  --store KIND      memory (default) or redis: each server keeps its sign-ins in
                    a Redis that this command starts
  --nodes N         1 (default) or 2: each entry is two processes that share the
                    Redis, and a client has a connection to each
  --scenario ID     the scenario that the page begins with
  --record FILE     no page: runs the --scenario once, writes the picture as SVG
                    to FILE, and exits
  --host ADDRESS    where the page listens (default 127.0.0.1). With another
                    address, others on your network can press the buttons
  --port N          the port of the page (default 4100; 0 is any free port)
  --list            list strategies, peers and scenarios, and exit
  --help            show this text

${QUANTITIES_HELP}

This is a demonstration. It does not start with NODE_ENV=production.
Ctrl-C ends it with all its servers.
Exit codes: 0 ended by you, 1 failed, 2 wrong usage.`;

await command(HELP, async (args) => (await import('./work/play.ts')).main(args));
