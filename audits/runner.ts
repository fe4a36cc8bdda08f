import type { Strategy, VariantName } from '../strategies/strategy.ts';
import { type Audit, notApplicable, subjectOf, type Tampering } from './audit.ts';
import { type Finding, messageOf, outcomeOf } from './outcome.ts';

/** An audit that takes longer than this, in ms, found nothing out. */
const PATIENCE = 20_000;

/** Frames that are kept where a promise was not. */
const EVIDENCE = 20;

/** Holds one strategy in one variant to one promise; `tampering` is done to each of its servers. */
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
    await inTime(audit.run(subject));
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

async function inTime(run: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
