import { parseArgs } from 'node:util';
import { advise } from '../../advise/advise.ts';
import type { Demand } from '../../advise/demand.ts';
import { adviceText } from '../../advise/terminal.ts';
import { whatIfs } from '../../advise/what-if.ts';
import { publishedAt, publishedAudit, publishedNodes, publishedRun } from '../../publish/published.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { root, UsageError } from '../command.ts';
import { count, durationMs } from '../quantities.ts';

const options = {
  'messages-per-second': { type: 'string' },
  connections: { type: 'string' },
  'revocation-within': { type: 'string', default: '5s' },
  'token-ttl': { type: 'string', default: '5m' },
  nodes: { type: 'string', default: '1' },
  'no-shared-store': { type: 'boolean', default: false },
  'no-silent-listeners': { type: 'boolean', default: false },
} as const;

export async function main(args: string[]): Promise<void> {
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
}

function needed(
  values: Readonly<Record<string, string | boolean | undefined>>,
  name: 'messages-per-second' | 'connections',
): string {
  const given = values[name];
  if (typeof given === 'string') return given;
  throw new UsageError(`--${name} is missing, such as --${name} 1000. See the options: npm run advise -- --help`);
}
