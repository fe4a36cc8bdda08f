import { stripVTControlCharacters } from 'node:util';
import type { Strategy, VariantName } from '../strategies/strategy.ts';
import { type Audit, notApplicable, subjectOf } from './audit.ts';
import type { Finding } from './outcome.ts';

/** An audit that takes longer than this, in ms, found nothing out. */
const PATIENCE = 20_000;

/** Holds one strategy in one variant to one promise. */
export async function runAudit(audit: Audit, strategy: Strategy, variant: VariantName): Promise<Finding> {
  const { id } = audit;
  const why = notApplicable(audit, strategy, variant);
  if (why !== undefined) return { id, outcome: 'not applicable', reason: why };
  const deviation = strategy.variants[variant].deviations[id];
  const { subject, wire, dispose } = subjectOf(strategy, variant);
  try {
    await inTime(audit.run(subject));
    if (deviation === undefined) return { id, outcome: 'pass' };
    return { id, outcome: 'fail', reason: `It is kept, though a deviation is declared: ${deviation}` };
  } catch (error) {
    const evidence = [...wire()];
    const outcome = outcomeOf(error);
    if (outcome === 'fail' && deviation !== undefined) return { id, outcome: 'deviation', reason: deviation, evidence };
    return { id, outcome, reason: messageOf(error), evidence };
  } finally {
    await dispose();
  }
}

/** An expectation that was not met is a finding; whatever else is thrown is no answer. */
export const outcomeOf = (error: unknown): 'fail' | 'unknown' =>
  error instanceof Error && 'matcherResult' in error ? 'fail' : 'unknown';

/** Without what a terminal would colour. */
export const messageOf = (error: unknown): string =>
  stripVTControlCharacters(error instanceof Error ? error.message : String(error));

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
