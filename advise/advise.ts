import { hasParams } from '../bench/model/cells.ts';
import type { AuditReport, StalenessCell } from '../audits/engine/audit-file.ts';
import { verdictOf } from '../bench/model/noise.ts';
import type { MetricName } from '../bench/model/metrics.ts';
import { duration } from '../bench/report/format.ts';
import { nodeCounts } from '../bench/report/rows.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import type { Supports, VariantName } from '../strategies/strategy.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';

/** What someone has to serve. */
export interface Demand {
  readonly messagesPerSecond: number;
  readonly connections: number;
  /** How long a revoked credential may go on acting, in ms. */
  readonly revocationWithin: number;
  /** How long a token lives, in ms. */
  readonly tokenTtl: number;
  readonly nodes: number;
  /** Whether nodes may share a store. */
  readonly sharedStore: boolean;
}

/** A strategy as it is known without measuring. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly variants: Readonly<Record<VariantName, { readonly supports: Supports }>>;
}

export interface Option {
  readonly strategy: string;
  readonly variant: VariantName;
  readonly title: string;
  /** Cores that authentication takes at most, for messages and for renewals. */
  readonly cores: number;
  readonly perMessage: Part;
  readonly perRenewal: Part;
  /** Commands that the store is asked; undefined where they were not measured. */
  readonly storeOperationsPerSecond: number | undefined;
  /** How long a revoked credential acts, in ms; Infinity where nothing ends it. */
  readonly exposure: number;
  readonly exposureFrom: string;
  /** Why it is out; undefined where it serves. */
  readonly out?: string;
  /** What was measured beside all this, and should be known before it is chosen. */
  readonly caution?: string;
  /** What its figures are from. */
  readonly from: readonly Source[];
}

/** The run, the audit, and the run of several nodes. */
export type Source = 'run' | 'audit' | 'nodes';

/** A cost: so many a second, at so many us each, by the cell that says so. */
interface Part {
  readonly perSecond: number;
  readonly us: number;
  readonly cell: string;
  /** The run could not tell it from nothing: the upper end of its interval. */
  readonly isNoise?: true;
}

/** An answer that would go too far; the message says what can be asked. */
export class AdviceError extends Error {
  override readonly name = 'AdviceError';
}

/** Nothing is said past this many times of what was measured. */
const FARTHEST = 10;

/**
 * Every strategy in both variants: those that serve the demand first, by the cores that they take. For more nodes than
 * one it takes a run of several.
 * @throws AdviceError where the demand lies too far from what was measured
 */
export function advise(
  demand: Demand,
  run: Run,
  audit: AuditReport | undefined,
  candidates: readonly Candidate[],
  nodes?: Run,
): Option[] {
  checkReach(demand, run);
  checkNodes(demand, nodes);
  const options = candidates.flatMap((candidate) =>
    (['hardened', 'as-published'] as const).flatMap(
      (variant) => optionOf(candidate, variant, demand, run, audit, nodes) ?? [],
    ),
  );
  return options.toSorted((a, b) => Number(a.out !== undefined) - Number(b.out !== undefined) || a.cores - b.cores);
}

/** What was measured of several nodes, and nothing between. */
function checkNodes({ nodes }: Demand, run: Run | undefined): void {
  if (nodes === 1) return;
  const measured = run === undefined ? [] : nodeCounts(run);
  if (measured.includes(nodes)) return;
  throw new AdviceError(
    measured.length === 0
      ? 'Several nodes were not measured: write that run with npm run bench -- --profile nodes'
      : `Measured with ${measured.join(', ')} nodes: ask with --nodes ${measured.at(-1)}, or another of these`,
  );
}

function checkReach({ messagesPerSecond, connections }: Demand, { cells }: Run): void {
  const most = (metric: MetricName, of: (cell: Cell) => number) =>
    Math.max(
      0,
      ...cells.filter((cell) => cell.metric === metric && cell.role === 'baseline' && cell.void === undefined).map(of),
    );
  const rate = most('messages-per-second', ({ median }) => median);
  if (messagesPerSecond > FARTHEST * rate)
    throw new AdviceError(
      `Measured up to ${Math.round(rate)} messages a second; past ${FARTHEST} times that nothing is said: ask with at most ${Math.floor(FARTHEST * rate)}`,
    );
  const connectionsOf = ({ params }: Cell) => Number(params['connections'] ?? 0);
  const held = Math.max(most('rss-per-connection', connectionsOf), most('heap-per-connection', connectionsOf));
  if (held > 0 && connections > FARTHEST * held)
    throw new AdviceError(
      `Measured up to ${held} connections; past ${FARTHEST} times that nothing is said: ask with at most ${FARTHEST * held}`,
    );
}

function optionOf(
  { id, title, variants }: Candidate,
  variant: VariantName,
  demand: Demand,
  run: Run,
  audit: AuditReport | undefined,
  nodes: Run | undefined,
): Option | undefined {
  const find = (metric: MetricName, wanted: Cell['params'] = {}, of: Run | undefined = run) =>
    of?.cells.find(
      (cell) =>
        cell.strategy === id &&
        cell.variant === variant &&
        cell.metric === metric &&
        cell.void === undefined &&
        hasParams(cell, wanted),
    );
  const message = find('server-cpu-per-message', { load: 'saturated' });
  const connect = find('server-cpu-per-connection');
  if (message === undefined || connect === undefined) return undefined;
  const { renewal, cookie, issuesCredential } = variants[variant].supports;
  const perMessage: Part = { perSecond: demand.messagesPerSecond, ...addedOf(run, message) };
  // Renewed over HTTP, a connection is opened anew; in band it is not, and costs no more than that. What was issued on
  // connect lives on.
  const lifetime = issuesCredential ? defaultLifetimes.wsToken : demand.tokenTtl;
  const renewals = renewal === 'activity' || renewal === 'none' ? 0 : (1000 * demand.connections) / lifetime;
  const shared = demand.nodes > 1 && demand.sharedStore;
  const onNodes = (metric: MetricName, wanted: Cell['params'] = {}) =>
    shared ? find(metric, { nodes: demand.nodes, ...wanted }, nodes) : undefined;
  const renewed = onNodes('server-cpu-per-renewal') ?? connect;
  const perRenewal: Part = { perSecond: renewals, us: 1000 * renewed.median, cell: nameOf(renewed) };
  const alone = demand.nodes > 1 && !demand.sharedStore;
  const across = onNodes('revocation-p99');
  const exposed = alone ? unheardOf(variant, lifetime) : acrossNodes(across, exposureOf(id, variant, audit));
  const stored = (op: string) =>
    alone ? undefined : find('store-commands', { nodes: demand.nodes, op }, nodes)?.median;
  const [rare, renewing] = [stored('rare message'), renewals === 0 ? 0 : stored('renewal')];
  const out = outOf(exposed.exposure, cookie && alone, demand);
  const caution = cautionOf(
    nodes?.cells.find((cell) => isStorm(cell) && cell.strategy === id && cell.variant === variant),
  );
  const isFromNodes = across !== undefined || rare !== undefined || (out === undefined && caution !== undefined);
  return {
    strategy: id,
    variant,
    title,
    cores: (perMessage.perSecond * perMessage.us + perRenewal.perSecond * perRenewal.us) / 1e6,
    perMessage,
    perRenewal,
    storeOperationsPerSecond:
      rare === undefined || renewing === undefined ? undefined : rare * askingOf(demand) + renewals * renewing,
    ...exposed,
    ...(out !== undefined && { out }),
    ...(caution !== undefined && { caution }),
    from: ['run', ...(alone ? [] : (['audit'] as const)), ...(isFromNodes ? (['nodes'] as const) : [])],
  };
}

/** Messages a second that ask the store anew: one for each stale period in which a connection talks, at most. */
const askingOf = ({ messagesPerSecond, connections }: Demand): number =>
  Math.min(messagesPerSecond, (1000 * connections) / defaultLifetimes.sessionStaleness);

/** Everyone's credential ended in one moment, and each client did what its strategy does then. */
const isStorm = ({ metric, params, void: why }: Cell): boolean =>
  metric === 'false-logouts' && params['after'] === 'expiry' && params['jitter'] === undefined && why === undefined;

/** A storm that signed people out who had done nothing wrong. */
function cautionOf(cell: Cell | undefined): string | undefined {
  if (cell === undefined || cell.median === 0) return undefined;
  const { sockets, code } = cell.params;
  const codes = code === undefined ? '' : ` (${code})`;
  return `when ${sockets} credentials ended at once, ${cell.median} connections were signed out falsely${codes} [${nameOf(cell)}]`;
}

function addedOf(run: Run, cell: Cell): Omit<Part, 'perSecond'> {
  const { estimate, ciHigh } = cell.added ?? { estimate: 0, ciHigh: 0 };
  return verdictOf(run, cell) === 'significant'
    ? { us: Math.max(0, estimate), cell: nameOf(cell) }
    : { us: Math.max(0, ciHigh ?? estimate), cell: nameOf(cell), isNoise: true };
}

function exposureOf(id: string, variant: VariantName, audit: AuditReport | undefined) {
  const worst = (cells: readonly StalenessCell[]) =>
    Math.max(...cells.map(({ handled }) => (handled === null || handled.censored > 0 ? Infinity : handled.p99)));
  const cells = (audit?.staleness ?? []).filter(
    (cell) => cell.strategy === id && cell.variant === variant && (cell.end === 'logout' || cell.end === 'ban'),
  );
  if (cells.length === 0) return { exposure: Infinity, exposureFrom: 'not measured' };
  return { exposure: worst(cells), exposureFrom: 'p99 from logout or ban to the last handled act, audit.json' };
}

/** The slower of what one node takes by itself and what another takes to hear of it. */
function acrossNodes(cell: Cell | undefined, one: ReturnType<typeof exposureOf>): ReturnType<typeof exposureOf> {
  if (cell === undefined || cell.median <= one.exposure) return one;
  return { exposure: Math.ceil(cell.median), exposureFrom: `p99 across nodes, ${nameOf(cell)}` };
}

/** No other node hears of it: the credential ends by itself. */
const unheardOf = (variant: VariantName, lifetime: number) => ({
  exposure: variant === 'hardened' ? lifetime : Infinity,
  exposureFrom: 'no other node hears of a revocation before the credential ends',
});

function outOf(exposure: number, lacksStore: boolean, { revocationWithin }: Demand): string | undefined {
  if (lacksStore) return 'its sessions need a store that the nodes share';
  if (exposure === Infinity) return 'nothing ends a revoked credential while its connection lives';
  return exposure > revocationWithin ? `a revoked credential acts for ${duration(exposure)}` : undefined;
}

const nameOf = ({ suite, strategy, variant, metric, params }: Cell): string =>
  [suite, strategy, variant, metric, params['load']].filter(Boolean).join(' ');
