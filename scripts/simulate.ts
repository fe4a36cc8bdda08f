import { usual } from '../simulate/population.ts';
import { command } from './command.ts';
import { QUANTITIES_HELP } from './quantities.ts';

const HELP = `Usage: npm run simulate [-- OPTIONS]

Says how many nodes and Redis processes a population of yours takes, and how
long a sign-out takes to reach other nodes. It is a seeded simulation from what
the published run of several nodes measured. It also says how far off it was
where it could be checked.

  --connections COUNT          open at once (default 1M)
  --messages-per-second COUNT  all connections together (default one message of
                               each connection a minute)
  --token-ttl TIME             how long an access token lives (default 5m)
  --sign-outs-per-day COUNT    of each connection (default 1)
  --stays TIME                 how long a connection stays open (default 1h)
  --seed N                     of the simulation (default ${usual.seed})
  --all                        also tables, assumptions and where it breaks
  --help

${QUANTITIES_HELP}`;

await command(HELP, async (args) => (await import('./work/simulate.ts')).main(args));
