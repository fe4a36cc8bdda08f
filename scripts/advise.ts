import { parseArgs } from 'node:util';
import { advise } from '../advise/advise.ts';
import type { Demand } from '../advise/demand.ts';
import { adviceText } from '../advise/terminal.ts';
import { whatIfs } from '../advise/what-if.ts';
import { publishedAt, publishedAudit, publishedNodes, publishedRun } from '../publish/published.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { command, root, UsageError } from './command.ts';
import { count, durationMs, QUANTITIES_HELP } from './quantities.ts';

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

const options = {
  'messages-per-second': { type: 'string' },
  connections: { type: 'string' },
  'revocation-within': { type: 'string', default: '5s' },
  'token-ttl': { type: 'string', default: '5m' },
  nodes: { type: 'string', default: '1' },
  'no-shared-store': { type: 'boolean', default: false },
  'no-silent-listeners': { type: 'boolean', default: false },
} as const;

await command(HELP, async (args) => {
  const { values } = parseArgs({ args, options });
  const demand: Demand = {
    messagesPerSecond: count('--messages-per-second', needed(values, 'messages-per-second')),
    connections: count('--connections', needed(values, 'connections'), { whole: true }),
    revocationWithin: durationMs('--revocation-within', values['revocation-within']),
    tokenTtl: durationMs('--token-ttl', values['token-ttl']),
    nodes: count('--nodes', values.nodes, { whole: true }),
    sharedStore: !values['no-shared-store'],
    silentListeners: !values['no-silent-listeners'],
  };
  const files = publishedAt(root);
  const run = publishedRun(root);
  const [audit, nodes] = [publishedAudit(root), publishedNodes(root)];
  const candidates = (await loadStrategies()).filter(({ role }) => role === 'strategy');
  const ask = (asked: Demand) => advise(asked, run, audit, candidates, nodes);
  const advice = ask(demand);
  const used = advice.sources.flatMap((source) => files[source] ?? []);
  process.stdout.write(`${adviceText(advice, whatIfs(advice, ask), used)}\n`);
  if (advice.tiers.length === 0) process.exitCode = 1;
});

function needed(
  values: Readonly<Record<string, string | boolean | undefined>>,
  name: 'messages-per-second' | 'connections',
): string {
  const given = values[name];
  if (typeof given === 'string') return given;
  throw new UsageError(`--${name} is missing, such as --${name} 1000. See the options: npm run advise -- --help`);
}
