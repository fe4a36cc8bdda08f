import type { AuditReport } from '../audits/engine/audit-file.ts';
import type { Run } from '../bench/model/run-file.ts';
import { type AtExpiry, type Consequences, consequencesOf, type LastUse } from '../bench/report/consequences.ts';
import type { Row } from '../bench/report/rows.ts';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import type { Supports, VariantName } from '../strategies/strategy.ts';
import { type Cost, costOf } from './cost.ts';
import { type Candidate, type Demand, isAlone, type LifetimeOf, lifetimeMs, lifetimeOf } from './demand.ts';
import { type Exposure, exposureOf } from './exposure.ts';

/** The recorded files that advice is computed from. */
export interface Recorded {
  readonly run: Run;
  readonly audit?: AuditReport | undefined;
  /** The run of several nodes. */
  readonly nodes?: Run | undefined;
}

/** Why an option does not meet a demand. `words.ts` has the text. */
export type Reason =
  | { readonly kind: 'goes on after expiry'; readonly acts: boolean; readonly receives: boolean }
  /** `ms` is Infinity where nothing ends a revoked credential. */
  | { readonly kind: 'revocation too slow'; readonly ms: number }
  /** With `silentOnly` only those connections end that never send a message. */
  | { readonly kind: 'ends connections'; readonly silentOnly: boolean }
  | { readonly kind: 'needs a shared store' }
  | { readonly kind: 'not measured'; readonly what: 'expiry' | 'revocation' };

/** The losses of connections at expiry, the smallest first. */
export const losses = ['nothing', 'reconnects', 'ends connections'] as const;
export type Loss = (typeof losses)[number];

/** A variant of a strategy under a demand. */
export interface Option {
  readonly strategy: string;
  readonly variant: VariantName;
  readonly title: string;
  readonly supports: Supports;
  readonly atExpiry: AtExpiry;
  readonly loss: Loss;
  readonly lifetime: LifetimeOf;
  /** How often a day each connection reconnects because its credential ends. */
  readonly reconnectsPerDay: number;
  readonly exposure: Exposure;
  /** Why it does not meet the demand; empty where it does. */
  readonly reasons: readonly Reason[];
  readonly cost: Cost;
}

const DAY = 86_400_000;

/** @param row of the option in `recorded.run` */
export function optionOf(
  candidate: Candidate,
  variant: VariantName,
  row: Row,
  demand: Demand,
  { run, audit, nodes }: Recorded,
): Option {
  const { id, title, variants } = candidate;
  const { supports } = variants[variant];
  const consequences = consequencesOf(row);
  const lifetime = lifetimeOf(supports);
  const ms = lifetimeMs(lifetime, demand);
  const loss = lossOf(consequences.atExpiry, supports, demand);
  const exposure = exposureOf(id, variant, consequences, ms, demand, { audit, nodes });
  return {
    strategy: id,
    variant,
    title,
    supports,
    atExpiry: consequences.atExpiry,
    loss,
    lifetime,
    reconnectsPerDay: loss === 'reconnects' ? DAY / ms : 0,
    exposure,
    reasons: reasonsOf(consequences, loss, supports, exposure, demand),
    cost: costOf(candidate, variant, row, demand, run, nodes),
  };
}

/** Messages keep a session alive, so one that ended silent connections ends none where every client talks. */
function lossOf({ kind }: AtExpiry, { renewal }: Supports, { silentListeners }: Demand): Loss {
  if (kind === 'reconnects') return kind;
  if (kind === 'ended for good') return renewal === 'activity' && !silentListeners ? 'nothing' : 'ends connections';
  return 'nothing';
}

/**
 * Whether a use of an expired credential did not end in the run, or not soon enough. A busy machine ends it some hundred
 * ms late, so that less than the grace for a renewal counts for nothing.
 */
const isTooLate = (use: LastUse | undefined, { revocationWithin }: Demand): boolean =>
  use !== undefined && (use.censored || use.ms > Math.max(revocationWithin, defaultLifetimes.renewalGrace));

function reasonsOf(
  { atExpiry, after }: Consequences,
  loss: Loss,
  { renewal, token }: Supports,
  { ms }: Exposure,
  demand: Demand,
): Reason[] {
  const [acts, receives] = [isTooLate(after.expiry.acts, demand), isTooLate(after.expiry.receives, demand)];
  const isExpiryMeasured = atExpiry.kind !== 'not measured' && (after.expiry.acts ?? after.expiry.receives);
  const found: (Reason | false)[] = [
    (acts || receives) && { kind: 'goes on after expiry', acts, receives },
    isAlone(demand) && token === 'opaque' && { kind: 'needs a shared store' },
    ms !== undefined && ms > demand.revocationWithin && { kind: 'revocation too slow', ms },
    loss === 'ends connections' && { kind: 'ends connections', silentOnly: renewal === 'activity' },
    !isExpiryMeasured && { kind: 'not measured', what: 'expiry' },
    ms === undefined && { kind: 'not measured', what: 'revocation' },
  ];
  return found.filter((reason) => reason !== false);
}
