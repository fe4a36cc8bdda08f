import { parseArgs } from 'node:util';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationReport, usual } from '../simulate/report.ts';
import { command, root, UsageError } from './command.ts';
import { publishedNodes } from './publish.ts';

const HELP = `Usage: npm run simulate [-- OPTIONS]

Takes what the published run of several nodes measured to a population of your own, by a seeded discrete-event
simulation, and prints what it comes to and how far off it is where it can be checked.

  --connections N    (default 1000000)
  --lifetime S       of a credential, in seconds (default ${usual.lifetime / 1000})
  --messages N       a connection sends a minute (default ${60 * usual.messages})
  --sign-outs N      of a connection a day (default ${86_400 * usual.signOuts})
  --stays S          a connection, in seconds (default ${usual.stays / 1000})
  --seed N           (default ${usual.seed})
  --help`;

await command(HELP, async (args) => {
  const text = { type: 'string' } as const;
  const options = { connections: text, lifetime: text, messages: text, 'sign-outs': text, stays: text, seed: text };
  const { values } = parseArgs({ args, options });
  const of = (name: keyof typeof options, fallback: number): number => {
    const number = Number(values[name] ?? fallback);
    if (Number.isFinite(number) && number > 0) return number;
    throw new UsageError(`--${name} takes a number above 0`);
  };
  const run = publishedNodes(root);
  if (run === undefined)
    throw new UsageError('There is no run of several nodes; measure one: npm run bench -- --profile nodes');
  const population = {
    connections: of('connections', 1_000_000),
    lifetime: 1000 * of('lifetime', usual.lifetime / 1000),
    messages: of('messages', 60 * usual.messages) / 60,
    signOuts: of('sign-outs', 86_400 * usual.signOuts) / 86_400,
    stays: 1000 * of('stays', usual.stays / 1000),
    seed: of('seed', usual.seed),
  };
  if (population.connections > 1e9) throw new UsageError('--connections takes 1000000000 at most');
  const contestants = (await loadStrategies()).filter(({ role }) => role === 'contestant');
  process.stdout.write(simulationReport(run, contestants, [population]));
});
