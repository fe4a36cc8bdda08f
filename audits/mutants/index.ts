import { loadStrategy } from '../../strategies/registry.ts';
import { subjectOf } from '../audit.ts';
import { audits } from '../index.ts';
import { type KillScore, outcomeOf } from '../outcome.ts';
import { connections } from './connections.ts';
import { endpoints } from './endpoints.ts';
import type { Mutant } from './faults.ts';
import { floods } from './floods.ts';
import { lifetimes } from './lifetimes.ts';
import { tokens } from './tokens.ts';

/** The verifier is verified: each of these has one fault, and counts as caught by the audit alone that it names. */
export const mutants: readonly Mutant[] = [...connections, ...endpoints, ...floods, ...tokens, ...lifetimes];

/** What the audit that the mutant names makes of it: `fail` is what it should. */
export async function killedBy(mutant: Mutant): Promise<'pass' | 'fail' | 'unknown'> {
  const { breaks, strategy, variant = 'hardened', options, sabotage } = mutant;
  const audit = audits.find(({ id }) => id === breaks);
  if (audit === undefined) return 'unknown';
  const { subject, dispose } = subjectOf(await loadStrategy(strategy), variant, {
    ...(options && { options }),
    ...(sabotage && { sabotage }),
  });
  try {
    await audit.run(subject);
    return 'pass';
  } catch (error) {
    return outcomeOf(error);
  } finally {
    await dispose();
  }
}

/** How many of them are caught. */
export async function killScore(): Promise<KillScore> {
  const escaped: string[] = [];
  for (const mutant of mutants) {
    if ((await killedBy(mutant)) !== 'fail') escaped.push(`${mutant.fault} (${mutant.breaks})`);
  }
  return { mutants: mutants.length, promises: new Set(mutants.map(({ breaks }) => breaks)).size, escaped };
}
