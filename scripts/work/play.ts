import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readClaims } from '../../claims/record.ts';
import { NO_REDIS, redisServerPath } from '../../harness/processes/redis-server.ts';
import { startByHand } from '../../play/by-hand.ts';
import { ShownClaims } from '../../play/claims/shown-claims.ts';
import { playableIds, type PlayEntry, playEntries } from '../../play/lanes/entries.ts';
import { recordingSvg } from '../../play/record.ts';
import { loadScenarios, type Scenario } from '../../play/stage/scenario.ts';
import { Stage } from '../../play/stage/stage.ts';
import { PlayServer } from '../../play/web/play-server.ts';
import { publishedAt } from '../../publish/published.ts';
import { isLoopback } from '../../play/web/request-rules.ts';
import { among, noSuch, root, UsageError } from '../command.ts';
import { count, durationMs } from '../quantities.ts';

const text = { type: 'string' } as const;
const options = {
  strategy: text,
  ttl: text,
  store: { ...text, default: 'memory' },
  nodes: { ...text, default: '1' },
  scenario: text,
  record: text,
  host: { ...text, default: '127.0.0.1' },
  port: { ...text, default: '4100' },
  list: { type: 'boolean', default: false },
} as const;

/** A client has two connections, so more nodes would show nothing new. */
const NODES: readonly string[] = ['1', '2'];
/** Credentials end on whole seconds, and "Expire soon" needs time before their end. In ms. */
const TTL = { least: 4000, most: 3_600_000 };

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (process.env['NODE_ENV'] === 'production')
    throw new UsageError('play is a demonstration, and does not start with NODE_ENV=production');
  const ids = await playableIds();
  const [tried, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`play takes one strategy or peer to try by hand; got '${more[0]}' as well`);
  const id = values.strategy ?? tried;
  if (id !== undefined && !ids.includes(id)) throw new UsageError(noSuch('strategy or peer', id, ids));
  const scenarios = loadScenarios(root);
  const scenario = values.scenario === undefined ? undefined : among('scenario', scenarios, values.scenario);
  if (values.list) return list(ids, scenarios);
  const wanted = values.ttl ?? (tried === undefined ? '10s' : '60s');
  const ttl = durationMs('--ttl', wanted);
  if (ttl < TTL.least || ttl > TTL.most) throw new UsageError(`--ttl takes a time from 4s to 1h; got '${wanted}'`);
  const port = count('--port', values.port, { whole: true, orZero: true, most: 65_535 });
  if (!['memory', 'redis'].includes(values.store))
    throw new UsageError(noSuch('store', values.store, ['memory', 'redis']));
  const redis = values.store === 'redis';
  if (!NODES.includes(values.nodes)) throw new UsageError(`--nodes takes 1 or 2; got '${values.nodes}'`);
  const nodes = Number(values.nodes);
  if (nodes > 1 && !redis)
    throw new UsageError(`--nodes ${nodes} needs a store that the nodes share: add --store redis`);
  if (redis && redisServerPath() === undefined) throw new UsageError(NO_REDIS);
  const entries = await playEntries(id);
  if (tried !== undefined) return await byHand(entries.at(-1)!, ttl);
  if (values.record !== undefined) {
    if (scenario === undefined) throw new UsageError('--record needs a --scenario: npm run play -- --list shows them');
    const folder = dirname(values.record);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`There is no folder ${folder}`);
    await using stage = await opened({ entries, ttl, redis, nodes, connects: false });
    return await record(stage, scenario, values.record);
  }
  await using stage = await opened({ entries, ttl, redis, nodes, connects: true });
  await serve(stage, { scenarios, scenario, host: values.host, port });
}

/** The claims that the page can try; none where no verdicts are published. */
function shownClaims(): ShownClaims | undefined {
  const folder = dirname(publishedAt(root).run);
  const file = join(root, folder, 'claims.json');
  return existsSync(file) ? new ShownClaims(readClaims(file), join(folder, 'report.html')) : undefined;
}

async function opened(given: Parameters<typeof Stage.open>[0]): Promise<Stage & AsyncDisposable> {
  const stage = await Stage.open(given);
  return Object.assign(stage, { [Symbol.asyncDispose]: () => stage.close() });
}

function list(ids: readonly string[], scenarios: readonly Scenario[]): void {
  process.stdout.write(`Strategies and peers: ${ids.join(', ')}\n\nScenarios:\n`);
  for (const { id, title } of scenarios) process.stdout.write(`  ${id.padEnd(14)}${title}\n`);
}

async function record(stage: Stage, scenario: Scenario, file: string): Promise<void> {
  process.stderr.write(`Starting ${stage.entries.length} servers\n`);
  await stage.ready;
  process.stderr.write(`Recording for ${scenario.until} s: ${scenario.title}\n`);
  const from = await stage.play(scenario, (action) => stage.act(action));
  const { entries, states } = stage;
  writeFileSync(file, recordingSvg({ scenario, entries, states, from, to: stage.now() }));
  process.stdout.write(`${file}\n`);
}

async function byHand(entry: PlayEntry, ttl: number): Promise<void> {
  const end = interrupted();
  await using server = await startByHand(entry, ttl);
  process.stdout.write(server.text);
  await end;
}

const interrupted = (): Promise<unknown> => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

interface Serving {
  readonly scenarios: readonly Scenario[];
  readonly scenario: Scenario | undefined;
  readonly host: string;
  readonly port: number;
}

async function serve(stage: Stage, { scenario, ...given }: Serving): Promise<void> {
  const claims = shownClaims();
  const server = await PlayServer.listen({ stage, root, ...(claims && { claims }), ...given }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new UsageError(
        `Cannot listen at ${given.host}:${given.port}: ${error.code}. Choose another --port or --host`,
      );
    },
  );
  const query = scenario === undefined ? '' : `?scenario=${scenario.id}`;
  process.stdout.write(`Open ${server.url}/${query}\nA demonstration. Ctrl-C ends it.\n`);
  if (!isLoopback(given.host)) process.stderr.write('Warning: others on your network can press the buttons.\n');
  const failed = stage.ready.then(() => new Promise<never>(() => {}));
  try {
    await Promise.race([interrupted(), failed]);
  } finally {
    await server.close();
  }
}
