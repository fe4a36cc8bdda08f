import type { Profile } from './model/profiles.ts';
import type { Entry } from './model/entry.ts';
import type { Suite } from './suites/suite.ts';

/** What a run is narrowed to; what is named takes part, whether or not the profile has it. */
export interface Narrowed {
  readonly strategy?: string | undefined;
  readonly suite?: string | undefined;
}

/** The suites and entries of a run. */
export function select(
  { suites, entries }: { suites: readonly Suite[]; entries: readonly Entry[] },
  { id: profile, roles, controls, variants }: Profile,
  { strategy, suite }: Narrowed,
): { suites: Suite[]; entries: Entry[] } {
  const chosen = suites.filter(({ id, profiles }) => (suite === undefined ? profiles.includes(profile) : id === suite));
  // A suite that is asked for by name brings the role that only it measures, such as the platform layers.
  const wanted = new Set(suite === undefined ? roles : [...roles, ...chosen.flatMap(({ takes }) => only(takes))]);
  const present = entries.filter(({ role, strategy: id, variant }) => {
    if (variant !== null && !variants.includes(variant)) return false;
    if (role === 'baseline' || role === 'twin') return true;
    if (role === 'control') return wanted.has(role) && controls.includes(id);
    return strategy === undefined
      ? wanted.has(role)
      : id === strategy || (role === 'platform-layer' && wanted.has(role));
  });
  return { suites: chosen, entries: present };
}

const only = (takes: Suite['takes']): Suite['takes'] => (takes.length === 1 ? takes : []);
