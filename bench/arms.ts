import { loadStrategies } from '../strategies/registry.ts';
import { type Strategy, variantNames } from '../strategies/strategy.ts';
import type { Arm } from './suite.ts';

/** Every contestant in each of its variants, and the baseline, which has but one. */
export function armsOf(strategies: readonly Strategy[]): Arm[] {
  return strategies.flatMap(({ id, role, variants, httpLegs }): Arm[] => {
    if (role === 'template') return [];
    const names = role === 'baseline' ? (['hardened'] as const) : variantNames;
    return names.map((variant) => ({ role, strategy: id, variant, supports: variants[variant].supports, httpLegs }));
  });
}

/** Those that stand in the tables. */
export const loadContestants = async (): Promise<Strategy[]> =>
  (await loadStrategies()).filter(({ role }) => role !== 'template');
