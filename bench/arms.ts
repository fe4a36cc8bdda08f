import { rungs } from '../harness/rungs/index.ts';
import { loadPeers } from '../peers/registry.ts';
import { loadStrategies } from '../strategies/registry.ts';
import type { ContenderSpec } from '../harness/contender.ts';
import { type Strategy, type VariantName, variantNames } from '../strategies/strategy.ts';
import type { Run } from './run-file.ts';
import type { Arm } from './suite.ts';

/** Known costs, in us: what the run finds of them tells what it could find at all. */
const CONTROLS = [20, 100];

/** What a run says of its arms. */
export function entrantsOf(arms: readonly Arm[]): Run['entrants'] {
  const entrants: Run['entrants'] = {};
  for (const { strategy, variant, role, title, summary, differs, verifies } of arms) {
    const known = entrants[strategy]?.verifies;
    const all = verifies === undefined ? known : { ...known, [variant ?? role]: verifies };
    entrants[strategy] = {
      role,
      title,
      summary,
      ...(all && { verifies: all }),
      ...(differs && { differs: [...differs] }),
    };
  }
  return entrants;
}

/** Whatever may stand in a row: the baseline first. Strategies and peers are found by their folders. */
export async function loadArms(): Promise<Arm[]> {
  const [strategies, peers] = await Promise.all([loadStrategies(), loadPeers()]);
  const [baseline] = strategies.filter(({ role }) => role === 'baseline').map(baselineArm);
  if (baseline === undefined) throw new TypeError('No strategy has the role baseline');
  return [
    baseline,
    { ...baseline, role: 'twin', strategy: '_twin', title: 'Open door again', summary: 'The same, under another name' },
    ...CONTROLS.map((us) => controlArm(baseline, us)),
    ...strategies.flatMap(contestantArms),
    ...peers.map((peer): Arm => ({
      ...unguarded,
      role: 'peer',
      strategy: peer.id,
      title: peer.title,
      summary: peer.summary,
      contender: { kind: 'peer', id: peer.id },
      guarded: true,
      packages: peer.packages,
      differs: peer.differs,
      ...optional('verifies', peer.verifiesEachMessageWith),
    })),
    ...rungs.map(({ id, title, summary }): Arm => ({
      ...unguarded,
      role: 'rung',
      strategy: id,
      title,
      summary,
      contender: { kind: 'rung', id },
    })),
  ];
}

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

const unguarded = { variant: null, guarded: false, httpLegs: [] } as const;

const baselineArm = ({ id, title, summary }: Strategy): Arm => ({
  ...unguarded,
  role: 'baseline',
  strategy: id,
  title,
  summary,
  contender: { kind: 'strategy', id, variant: 'hardened' },
});

const controlArm = (baseline: Arm, us: number): Arm => ({
  ...baseline,
  role: 'control',
  strategy: `_busy-${us}us`,
  title: `Open door + ${us} us`,
  summary: `The same, and ${us} us spent on each message`,
  contender: { kind: 'strategy', id: baseline.strategy, variant: 'hardened', busyMicroseconds: us },
});

function contestantArms({ id, role, title, summary, variants, httpLegs }: Strategy): Arm[] {
  if (role !== 'contestant') return [];
  const measured = variantNames.filter((name) => variants[name].costsAs === undefined);
  const alikeTo = (variant: VariantName): ContenderSpec[] | undefined => {
    const others = variantNames.filter((name) => variants[name].costsAs === variant);
    return others.length === 0 ? undefined : others.map((name) => ({ kind: 'strategy', id, variant: name }));
  };
  return measured.map((variant) => ({
    role,
    strategy: id,
    variant,
    title,
    summary,
    contender: { kind: 'strategy', id, variant },
    guarded: variants[variant].supports.credential,
    httpLegs,
    ...optional('alike', alikeTo(variant)),
    ...optional('verifies', variants[variant].verifiesEachMessageWith),
  }));
}
