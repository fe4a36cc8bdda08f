import { command } from './command.ts';
import { QUANTITIES_HELP } from './quantities.ts';

const HELP = `Usage: npm run advise -- --messages-per-second COUNT --connections COUNT
       [OPTIONS]

Says which strategy to pick for what you have to serve: first what breaks at
expiry and on revocation, then what it takes to run. Figures are those of the
published run and audit.

  --messages-per-second COUNT  of all connections together
  --connections COUNT          open at once
  --token-ttl TIME             how long an access token lives (default 5m)
  --revocation-within TIME     how long a revoked credential may stay usable
                               (default 5s)
  --nodes COUNT                how many processes serve (default 1)
  --no-shared-store            the nodes share no store, such as Redis
  --no-silent-listeners        every client sends messages; without this option,
                               some only listen
  --help                       show this text

${QUANTITIES_HELP}

Example, for a 15-minute token on three nodes:
  npm run advise -- --messages-per-second 1000 --connections 10k \\
    --token-ttl 15m --nodes 3

Exit codes: 0 a strategy meets it, 1 none does, 2 wrong usage.`;

await command(HELP, async (args) => (await import('./work/advise.ts')).main(args));
