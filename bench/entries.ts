import { layers } from '../harness/app/platform-layers/index.ts';
import { loadPeers } from '../peers/registry.ts';
import { loadStrategies } from '../strategies/registry.ts';
import type { EntrySpec } from '../harness/app/entry.ts';
import { type Strategy, type VariantName, variantNames } from '../strategies/strategy.ts';
import type { Run } from './model/run-file.ts';
import type { Entry } from './model/entry.ts';

/** Known costs, in us: what the run finds of them tells what it could find at all. */
const CONTROLS = [20, 100];

/** What a run says of its entries. */
export function describedEntries(all: readonly Entry[]): Run['entries'] {
  const described: Run['entries'] = {};
  for (const { strategy, variant, role, title, summary, clientDoes, differs, verifies } of all) {
    const known = described[strategy];
    const libraries = verifies === undefined ? known?.verifies : { ...known?.verifies, [variant ?? role]: verifies };
    const duties =
      clientDoes === undefined ? known?.clientDoes : { ...known?.clientDoes, [variant ?? role]: clientDoes };
    described[strategy] = {
      role,
      title,
      summary,
      ...(libraries && { verifies: libraries }),
      ...(duties && { clientDoes: duties }),
      ...(differs && { differs: [...differs] }),
    };
  }
  return described;
}

/** Whatever may stand in a row: the baseline first. Strategies and peers are found by their folders. */
export async function loadEntries(): Promise<Entry[]> {
  const [strategies, peers] = await Promise.all([loadStrategies(), loadPeers()]);
  const [baseline] = strategies.filter(({ role }) => role === 'baseline').map(baselineEntry);
  if (baseline === undefined) throw new TypeError('No strategy has the role baseline');
  return [
    baseline,
    { ...baseline, role: 'twin', strategy: '_twin', title: 'A/A twin', summary: 'The same, under another name' },
    ...CONTROLS.map((us) => controlEntry(baseline, us)),
    ...strategies.flatMap(strategyEntries),
    ...peers.map((peer): Entry => ({
      ...unguarded,
      role: 'peer',
      strategy: peer.id,
      title: peer.title,
      summary: peer.summary,
      spec: { kind: 'peer', id: peer.id },
      guarded: true,
      clientDoes: peer.clientDoes,
      packages: peer.packages,
      differs: peer.differs,
      ...optional('verifies', peer.verifiesEachMessageWith),
    })),
    ...layers.map(({ id, title, summary }): Entry => ({
      ...unguarded,
      role: 'platform-layer',
      strategy: id,
      title,
      summary,
      spec: { kind: 'platform-layer', id },
    })),
  ];
}

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

const unguarded = { variant: null, guarded: false, httpEndpoints: [] } as const;

const baselineEntry = ({ id, title, summary }: Strategy): Entry => ({
  ...unguarded,
  role: 'baseline',
  strategy: id,
  title,
  summary,
  spec: { kind: 'strategy', id, variant: 'hardened' },
});

const controlEntry = (baseline: Entry, us: number): Entry => ({
  ...baseline,
  role: 'control',
  strategy: `_busy-${us}us`,
  title: `No-auth baseline + ${us} us`,
  summary: `The same, and ${us} us spent on each message`,
  spec: { kind: 'strategy', id: baseline.strategy, variant: 'hardened', busyMicroseconds: us },
});

function strategyEntries({ id, role, title, summary, variants, httpEndpoints }: Strategy): Entry[] {
  if (role !== 'strategy') return [];
  const measured = variantNames.filter((name) => variants[name].costsAs === undefined);
  const alikeTo = (variant: VariantName): EntrySpec[] | undefined => {
    const others = variantNames.filter((name) => variants[name].costsAs === variant);
    return others.length === 0 ? undefined : others.map((name) => ({ kind: 'strategy', id, variant: name }));
  };
  return measured.map((variant) => ({
    role,
    strategy: id,
    variant,
    title,
    summary,
    spec: { kind: 'strategy', id, variant },
    guarded: variants[variant].supports.credential,
    clientDoes: variants[variant].clientDoes,
    httpEndpoints,
    ...optional('alike', alikeTo(variant)),
    ...optional('verifies', variants[variant].verifiesEachMessageWith),
  }));
}
