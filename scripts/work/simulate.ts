import { parseArgs } from 'node:util';
import { simulationSummary, simulationText } from '../../simulate/report.ts';
import { type Population, usual } from '../../simulate/population.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { root, UsageError } from '../command.ts';
import { publishedNodes } from '../../publish/published.ts';
import { count, durationMs } from '../quantities.ts';

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

export async function main(args: string[]): Promise<void> {
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
}
