import { budget } from '../audits/engine/audit-file.ts';
import { type Advice, picksOf } from './advise.ts';
import type { Demand } from './demand.ts';

/** One changed wish, and what would be picked then. */
export interface WhatIf {
  readonly change:
    | { readonly kind: 'silent listeners'; readonly silentListeners: boolean }
    | { readonly kind: 'shared store'; readonly sharedStore: boolean }
    /** A revocation that may take less than `ms`, or has to take no longer than `ms`. */
    | { readonly kind: 'revocation'; readonly direction: 'below' | 'from'; readonly ms: number };
  /** As `<strategy> <variant>`; empty where nothing would meet the demand. */
  readonly picks: readonly string[];
}

/** The changes of a demand that give another pick. `ask` answers a demand. */
export function whatIfs(advice: Advice, ask: (demand: Demand) => Advice): WhatIf[] {
  const { demand } = advice;
  const now = picksOf(advice);
  const changes: [WhatIf['change'], Demand][] = [
    [
      { kind: 'silent listeners', silentListeners: !demand.silentListeners },
      { ...demand, silentListeners: !demand.silentListeners },
    ],
    ...thresholdsOf(advice).map(([change, revocationWithin]): [WhatIf['change'], Demand] => [
      change,
      { ...demand, revocationWithin },
    ]),
  ];
  if (demand.nodes > 1)
    changes.splice(1, 0, [
      { kind: 'shared store', sharedStore: !demand.sharedStore },
      { ...demand, sharedStore: !demand.sharedStore },
    ]);
  return changes
    .map(([change, changed]) => ({ change, picks: picksOf(ask(changed)) }))
    .filter(({ picks }) => picks.join() !== now.join())
    .filter((one, index, found) => !repeats(one, found[index - 1]));
}

/** A revocation that may take even longer, with the same picks, tells nothing new. */
const repeats = (one: WhatIf, before: WhatIf | undefined): boolean =>
  before?.change.kind === 'revocation' &&
  one.change.kind === 'revocation' &&
  one.change.direction === before.change.direction &&
  one.picks.join() === before.picks.join();

/**
 * Below what the first options need, and from what a failing one needs. An audit cannot tell exposures below its budget
 * apart, so no threshold lies there.
 */
function thresholdsOf({ demand, tiers, failing }: Advice): [WhatIf['change'], number][] {
  const needed = (tiers[0]?.options ?? []).map(({ exposure }) => exposure.ms ?? 0).filter((ms) => ms > budget.ms);
  const enough = failing
    .map(({ exposure }) => exposure.ms ?? Infinity)
    .filter((ms) => Number.isFinite(ms) && ms > demand.revocationWithin && ms > budget.ms);
  return [
    ...rising(needed).map((ms): [WhatIf['change'], number] => [{ kind: 'revocation', direction: 'below', ms }, ms - 1]),
    ...rising(enough).map((ms): [WhatIf['change'], number] => [{ kind: 'revocation', direction: 'from', ms }, ms]),
  ];
}

const rising = (values: readonly number[]): number[] => [...new Set(values)].toSorted((a, b) => a - b);
