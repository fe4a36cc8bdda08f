import { parseArgs } from 'node:util';
import { simulationSummary, simulationText } from '../simulate/report.ts';
import { type Population, usual } from '../simulate/tables.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { command, root, UsageError } from './command.ts';
import { publishedNodes } from '../publish/published.ts';
import { count, durationMs, QUANTITIES_HELP } from './quantities.ts';

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

const text = { type: 'string' } as const;
const options = {
  connections: { ...text, default: '1M' },
  'messages-per-second': text,
  'token-ttl': { ...text, default: '5m' },
  'sign-outs-per-day': { ...text, default: '1' },
  stays: { ...text, default: '1h' },
  seed: { ...text, default: String(usual.seed) },
  all: { type: 'boolean', default: false },
} as const;

await command(HELP, async (args) => {
  const { values } = parseArgs({ args, options });
  const connections = count('--connections', values.connections, { whole: true, most: 1e9 });
  const perSecond = values['messages-per-second'];
  const population: Population = {
    connections,
    messages:
      perSecond === undefined
        ? usual.messages
        : count('--messages-per-second', perSecond, { orZero: true }) / connections,
    lifetime: durationMs('--token-ttl', values['token-ttl']),
    signOuts: count('--sign-outs-per-day', values['sign-outs-per-day'], { orZero: true }) / 86_400,
    stays: durationMs('--stays', values.stays),
    seed: count('--seed', values.seed, { whole: true, orZero: true }),
  };
  const run = publishedNodes(root);
  if (run === undefined)
    throw new UsageError(
      'No run of several nodes is published; measure one: npm run bench -- --profile nodes --publish',
    );
  const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');
  const said = values.all ? simulationText(run, strategies, population) : simulationSummary(run, population);
  process.stdout.write(`${said}\n`);
});
