import type { AuditReport } from '../audits/engine/audit-file.ts';
import type { Run } from '../bench/model/run-file.ts';
import { strategyRowsOf } from '../bench/report/rows.ts';
import { assumed, type Candidate, type Demand, isAlone, type LifetimeOf } from './demand.ts';
import type { Source } from './exposure.ts';
import { type NodeBasis, nodeBasis } from './nodes.ts';
import { type Option, optionOf } from './options.ts';
import { type Tier, tiersOf } from './rank.ts';

/** A remark about the figures, as data. `words.ts` has its text. */
export type Note =
  | { readonly kind: 'nodes'; readonly basis: NodeBasis }
  | { readonly kind: 'lifetime'; readonly of: keyof typeof assumed; readonly ms: number; readonly strategies: string[] }
  /** More messages than one process answered in the run. */
  | { readonly kind: 'messages'; readonly measuredTo: number }
  /** More connections than a process held in the run. */
  | { readonly kind: 'connections'; readonly measuredTo: number }
  /** Without a shared store, a node refuses the sessions and the hardened tokens that another node issued. */
  | { readonly kind: 'sticky' };

export interface Advice {
  readonly demand: Demand;
  /** The options that meet the demand, from the best to the worst. */
  readonly tiers: readonly Tier[];
  /** The options that do not. */
  readonly failing: readonly Option[];
  readonly notes: readonly Note[];
  /** The recorded files that the figures come from. */
  readonly sources: readonly Source[];
}

/**
 * Every strategy in the variants that the run measured: first those that meet the demand, ranked by what their
 * connections lose, then those that do not, with the reasons.
 *
 * @param nodes the run of several nodes; where it is missing, only what one node tells is known
 * @example advise(demand, readRun('results/full/run.json'), audit, await loadStrategies()).tiers[0]?.options
 */
export function advise(
  demand: Demand,
  run: Run,
  audit: AuditReport | undefined,
  candidates: readonly Candidate[],
  nodes?: Run,
): Advice {
  const rows = strategyRowsOf(run);
  const options = candidates.flatMap((candidate) =>
    (['hardened', 'as-published'] as const).flatMap((variant) => {
      const row = rows.find((one) => one.strategy === candidate.id && one.variant === variant);
      return row === undefined ? [] : [optionOf(candidate, variant, row, demand, { run, audit, nodes })];
    }),
  );
  const meeting = options.filter(({ reasons }) => reasons.length === 0);
  return {
    demand,
    tiers: tiersOf(meeting),
    failing: options
      .filter(({ reasons }) => reasons.length > 0)
      .toSorted((a, b) => Number(a.variant !== 'hardened') - Number(b.variant !== 'hardened')),
    notes: notesOf(demand, options, meeting, run, nodes),
    sources: sourcesOf(demand, options, meeting),
  };
}

/** The options of the first tier, as `<strategy> <variant>`; empty where nothing meets the demand. */
export const picksOf = ({ tiers }: Advice): string[] => tiers[0]?.options.map(keyOf) ?? [];

export const keyOf = ({ strategy, variant }: Option): string => `${strategy} ${variant}`;

function notesOf(
  demand: Demand,
  options: readonly Option[],
  meeting: readonly Option[],
  run: Run,
  nodes: Run | undefined,
): Note[] {
  const basis = nodeBasis(nodes, demand.nodes);
  const isShared = demand.nodes > 1 && demand.sharedStore;
  const answered = Math.max(
    ...run.cells
      .filter(
        ({ role, metric, void: why }) => role === 'baseline' && metric === 'messages-per-second' && why === undefined,
      )
      .map(({ median }) => median),
  );
  const held = Math.max(...meeting.map(({ cost }) => cost.memory?.measuredTo ?? 0));
  const found: (Note | false)[] = [
    isShared && { kind: 'nodes', basis },
    isAlone(demand) && { kind: 'sticky' },
    ...(Object.keys(assumed) as (keyof typeof assumed)[]).map((of) => lifetimeNote(of, options)),
    Number.isFinite(answered) && demand.messagesPerSecond > answered && { kind: 'messages', measuredTo: answered },
    held > 0 && demand.connections > held && { kind: 'connections', measuredTo: held },
  ];
  return found.filter((note) => note !== false);
}

function lifetimeNote(of: Exclude<LifetimeOf, 'access token'>, options: readonly Option[]): Note | false {
  const strategies = [...new Set(options.filter((one) => one.lifetime === of).map(({ strategy }) => strategy))];
  return strategies.length > 0 && { kind: 'lifetime', of, ms: assumed[of], strategies };
}

function sourcesOf(demand: Demand, options: readonly Option[], meeting: readonly Option[]): Source[] {
  const isFromNodes =
    options.some(({ exposure }) => exposure.from === 'nodes') ||
    meeting.some(({ cost }) => cost.storm !== undefined || cost.storeCommandsPerSecond !== undefined);
  const isFromAudit = !isAlone(demand) && options.some(({ exposure }) => exposure.from !== 'run');
  return ['run', ...(isFromAudit ? (['audit'] as const) : []), ...(isFromNodes ? (['nodes'] as const) : [])];
}
