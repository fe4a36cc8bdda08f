import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { advise, AdviceError, type Demand, type Option } from '../advise/advise.ts';
import { flipsOf } from '../advise/flips.ts';
import { duration, figure } from '../bench/report/format.ts';
import { readRun } from '../bench/model/run-file.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { command, root, UsageError } from './command.ts';
import { publishedAt, publishedAudit, publishedNodes } from '../publish/published.ts';

const HELP = `Usage: npm run advise -- --messages-per-second N --connections N [OPTIONS]

Ranks the strategies for what you have to serve, from the run and the audit that RESULTS.md shows.

  --messages-per-second N   all connections together
  --connections N           open at once
  --revocation-within TIME  how long a revoked credential may act, such as 500ms or 5s (default 5s)
  --token-ttl TIME          how long an access token lives, such as 5m (default 5m)
  --nodes N                 default 1; several from results/nodes, over a shared store
  --no-shared-store         nodes share no store
  --help

Says the arithmetic, the cells that it is from, and where the choice flips. Exits with 1 where nothing serves, and with 2
where what is asked lies too far from what was measured.`;

const options = {
  'messages-per-second': { type: 'string' },
  connections: { type: 'string' },
  'revocation-within': { type: 'string', default: '5s' },
  'token-ttl': { type: 'string', default: '5m' },
  nodes: { type: 'string', default: '1' },
  'no-shared-store': { type: 'boolean', default: false },
} as const;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

await command(HELP, async (args) => {
  const { values } = parseArgs({ args, options });
  const demand: Demand = {
    messagesPerSecond: countOf('--messages-per-second', values['messages-per-second']),
    connections: countOf('--connections', values.connections),
    revocationWithin: timeOf('--revocation-within', values['revocation-within']),
    tokenTtl: timeOf('--token-ttl', values['token-ttl']),
    nodes: countOf('--nodes', values.nodes),
    sharedStore: !values['no-shared-store'],
  };
  if (!Number.isInteger(demand.nodes)) throw new UsageError(`--nodes takes a whole number, got '${values.nodes}'`);
  const files = publishedAt(root);
  const candidates = (await loadStrategies()).filter(({ role }) => role === 'strategy');
  let ranked: Option[];
  try {
    ranked = advise(demand, readRun(join(root, files.run)), publishedAudit(root), candidates, publishedNodes(root));
  } catch (error) {
    throw error instanceof AdviceError ? new UsageError(error.message) : error;
  }
  const used = (['run', 'audit', 'nodes'] as const).filter((one) => ranked.some(({ from }) => from.includes(one)));
  const serves = ranked.some(({ out }) => out === undefined);
  const lines = [
    ...ranked.map(textOf),
    ...(serves ? flipTexts(ranked) : ['Nothing serves that.']),
    `Figures from ${new Intl.ListFormat('en').format(used.flatMap((one) => files[one] ?? []))}.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!serves) process.exitCode = 1;
});

function countOf(name: string, given: string | undefined): number {
  if (given === undefined) throw new UsageError(`${name} is missing`);
  const count = Number(given);
  if (given.trim() === '' || !Number.isFinite(count) || count <= 0)
    throw new UsageError(`${name} takes a number above 0, got '${given}'`);
  return count;
}

function timeOf(name: string, given: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(given) ?? [];
  const ms = Number(amount) * (units[unit ?? ''] ?? Number.NaN);
  if (!(ms > 0)) throw new UsageError(`${name} takes a time such as 500ms, 5s or 5m, got '${given}'`);
  return ms;
}

function textOf(option: Option, index: number): string {
  const { strategy, variant, out, cores, perMessage, perRenewal, storeOperationsPerSecond, exposure, exposureFrom } =
    option;
  const store =
    storeOperationsPerSecond === undefined
      ? 'not known; what a message asks of it that comes rarely was not measured'
      : `${figure(storeOperationsPerSecond)} commands a second at most`;
  const head =
    out === undefined
      ? `${index + 1}. ${strategy} ${variant}: ${figure(cores)} cores at most`
      : `-  ${strategy} ${variant}: out, ${out}`;
  if (out !== undefined) return head;
  const message = `${figure(perMessage.us)} us${perMessage.isNoise ? ' at most, which the run could not tell from nothing' : ''}`;
  return [
    head,
    `     ${perMessage.perSecond}/s x ${message} [${perMessage.cell}]`,
    `   + ${figure(perRenewal.perSecond)}/s renewals x ${figure(perRenewal.us)} us, a connection each at most [${perRenewal.cell}]`,
    `   store: ${store}`,
    `   exposure: ${duration(exposure)} (${exposureFrom})`,
    ...(option.caution === undefined ? [] : [`   caution: ${option.caution}`]),
  ].join('\n');
}

function flipTexts(ranked: readonly Option[]): string[] {
  const flips = flipsOf(ranked).map(({ input, at, direction, to }) =>
    input === 'messages-per-second'
      ? `${direction === 'above' ? 'Above' : 'Below'} ${Math.round(at)} messages a second the choice would be ${to}.`
      : `With --revocation-within below ${at}ms it would be ${to}.`,
  );
  return flips.length === 0 ? ['No message rate changes the first choice.'] : flips;
}
