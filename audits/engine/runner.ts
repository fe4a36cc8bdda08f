import { systemClock } from '../../strategies/shared/clock.ts';
import { inTime } from '../../strategies/shared/in-time.ts';
import type { Strategy, VariantName } from '../../strategies/strategy.ts';
import { type Audit, notApplicable, type Subject } from './audit.ts';
import type { Finding } from './audit-file.ts';
import { messageOf, outcomeOf } from './outcome.ts';
import { subjectOf, type Tampering } from './subject.ts';

/** An audit that takes longer than this, in ms, has no answer. */
const PATIENCE = 20_000;

/** The last frames that are kept as evidence of a broken promise. */
const EVIDENCE = 20;

/** Checks one promise of one strategy in one variant; `tampering` is done to each of its servers. */
export async function runAudit(
  audit: Audit,
  strategy: Strategy,
  variant: VariantName,
  tampering?: Tampering,
): Promise<Finding> {
  const { id } = audit;
  const why = notApplicable(audit, strategy, variant);
  if (why !== undefined) return { id, outcome: 'not applicable', reason: why };
  const deviation = strategy.variants[variant].deviations[id];
  const { subject, wire, dispose } = subjectOf(strategy, variant, tampering);
  try {
    await checkInTime(audit, subject);
    if (deviation === undefined) return { id, outcome: 'pass' };
    return { id, outcome: 'fail', reason: `It is kept, though a deviation is declared: ${deviation}` };
  } catch (error) {
    const evidence = wire().slice(-EVIDENCE);
    const outcome = outcomeOf(error);
    if (outcome === 'fail' && deviation !== undefined) return { id, outcome: 'deviation', reason: deviation, evidence };
    return { id, outcome, reason: messageOf(error), evidence };
  } finally {
    await dispose();
  }
}

/** @throws what the audit throws, and an Error where it has no answer in time */
export const checkInTime = (audit: Audit, subject: Subject): Promise<void> =>
  inTime(systemClock, PATIENCE, () => audit.inside(subject), late);

const late = (): never => {
  throw new Error(`no answer within ${PATIENCE / 1000} s`);
};
