import { loadStrategy } from '../../strategies/registry.ts';
import type { KillScore } from './audit-file.ts';
import { audits } from './catalogue.ts';
import { loadFolder } from '../../strategies/shared/folder-registry.ts';
import type { Mutant } from './mutant.ts';
import { outcomeOf } from './outcome.ts';
import { checkInTime } from './runner.ts';
import { subjectOf } from './subject.ts';

/** Every mutant, found by folder. Only the audit that a mutant names counts as catching it. */
export const mutants: readonly Mutant[] = (
  await loadFolder<readonly Mutant[]>(new URL('../mutants/', import.meta.url))
).flat();

/** Returns what the audit that the mutant names finds: it should be `fail`. */
export async function killedBy(mutant: Mutant): Promise<'pass' | 'fail' | 'unknown'> {
  const { breaks, strategy, variant = 'hardened', options, sabotage } = mutant;
  const audit = audits.find(({ id }) => id === breaks);
  if (audit === undefined) return 'unknown';
  const { subject, dispose } = subjectOf(await loadStrategy(strategy), variant, {
    ...(options && { options }),
    ...(sabotage && { sabotage }),
  });
  try {
    await checkInTime(audit, subject);
    return 'pass';
  } catch (error) {
    return outcomeOf(error);
  } finally {
    await dispose();
  }
}

/** Runs every mutant against its audit. */
export async function killScore(): Promise<KillScore> {
  const escaped: string[] = [];
  for (const mutant of mutants) {
    if ((await killedBy(mutant)) !== 'fail') escaped.push(`${mutant.fault} (${mutant.breaks})`);
  }
  return { mutants: mutants.length, promises: new Set(mutants.map(({ breaks }) => breaks)).size, escaped };
}
