import type { AuditReport, Spread } from '../audits/engine/audit-file.ts';
import type { Run } from '../bench/model/run-file.ts';
import type { AfterEnd, Consequences } from '../bench/report/consequences.ts';
import type { VariantName } from '../strategies/strategy.ts';
import { type Demand, isAlone } from './demand.ts';
import { onNodes } from './nodes.ts';

/** A recorded file that advice takes figures from. */
export type Source = 'run' | 'audit' | 'nodes';

/** For how long a revoked credential stays usable. */
export interface Exposure {
  /** From the sign-out or the ban, in ms; Infinity where nothing ends it, undefined where it was not measured. */
  readonly ms: number | undefined;
  /** The source of the figure; `lifetime` if no other node hears of a revocation. */
  readonly from: Source | 'lifetime';
}

/** The worst of sign-out and ban, of messages handled and notifications delivered. */
export function exposureOf(
  strategy: string,
  variant: VariantName,
  { after }: Consequences,
  lifetime: number,
  demand: Demand,
  { audit, nodes }: { readonly audit?: AuditReport | undefined; readonly nodes?: Run | undefined },
): Exposure {
  if (isAlone(demand)) return { ms: variant === 'hardened' ? lifetime : Infinity, from: 'lifetime' };
  const own = audited(strategy, variant, audit);
  const one: Exposure =
    own === undefined ? { ms: worstUse([after['sign-out'], after.ban]), from: 'run' } : { ms: own, from: 'audit' };
  const across = demand.nodes > 1 ? onNodes(nodes, strategy, variant, 'revocation-p99', demand.nodes) : undefined;
  if (across === undefined || one.ms === undefined || across <= one.ms) return one;
  return { ms: Math.ceil(across), from: 'nodes' };
}

/** The worst p99 of an audit, in ms. */
function audited(strategy: string, variant: VariantName, audit: AuditReport | undefined): number | undefined {
  const spreads = (audit?.staleness ?? [])
    .filter((cell) => cell.strategy === strategy && cell.variant === variant)
    .filter(({ end }) => end === 'logout' || end === 'ban')
    .flatMap(({ handled, delivered }) => [handled, delivered]);
  return spreads.length === 0 ? undefined : Math.max(...spreads.map(p99Of));
}

const p99Of = (spread: Spread): number => (spread === null || spread.censored > 0 ? Infinity : spread.p99);

function worstUse(ends: readonly AfterEnd[]): number | undefined {
  const uses = ends.flatMap(({ acts, receives }) => [acts, receives]).filter((use) => use !== undefined);
  if (uses.length === 0) return undefined;
  return Math.max(...uses.map(({ ms, goesOn }) => (goesOn ? Infinity : ms)));
}
