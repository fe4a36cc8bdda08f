import { parseArgs } from 'node:util';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationText, usual } from '../simulate/report.ts';
import { command, root, UsageError } from './command.ts';
import { publishedNodes } from '../publish/published.ts';

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

const text = { type: 'string' } as const;
const options = { connections: text, lifetime: text, messages: text, 'sign-outs': text, stays: text, seed: text };

await command(HELP, async (args) => {
  const { values } = parseArgs({ args, options });
  const of = (
    name: keyof typeof options,
    fallback: number,
    what: string,
    suits: (value: number) => boolean,
  ): number => {
    const given = values[name] ?? String(fallback);
    const number = given.trim() === '' ? Number.NaN : Number(given);
    if (Number.isFinite(number) && suits(number)) return number;
    throw new UsageError(`--${name} takes ${what}, got '${given}'`);
  };
  const positive = (name: keyof typeof options, fallback: number) =>
    of(name, fallback, 'a number above 0', (value) => value > 0);
  const rate = (name: keyof typeof options, fallback: number) =>
    of(name, fallback, 'a number from 0 on', (value) => value >= 0);
  const population = {
    connections: of(
      'connections',
      1_000_000,
      'a whole number from 1 to 1000000000',
      (value) => Number.isInteger(value) && value >= 1 && value <= 1e9,
    ),
    lifetime: 1000 * positive('lifetime', usual.lifetime / 1000),
    messages: rate('messages', 60 * usual.messages) / 60,
    signOuts: rate('sign-outs', 86_400 * usual.signOuts) / 86_400,
    stays: 1000 * positive('stays', usual.stays / 1000),
    seed: of('seed', usual.seed, 'a whole number from 0 on', (value) => Number.isSafeInteger(value) && value >= 0),
  };
  const run = publishedNodes(root);
  if (run === undefined)
    throw new UsageError('There is no run of several nodes; measure one: npm run bench -- --profile nodes');
  const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');
  process.stdout.write(simulationText(run, strategies, population));
});
