import { readdirSync } from 'node:fs';
import type { EntrySpec } from '../../harness/app/entry.ts';
import { loadPeers } from '../../peers/registry.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { type VariantName, variantNames } from '../../strategies/strategy.ts';

/** The peers that the page shows beside the strategies unless it is asked for others. */
const SHOWN_PEERS: readonly string[] = ['article-gateway', 'nest-jwt-guard'];

/** One entry, as its lane shows it. */
export interface PlayEntry {
  /** Unlike that of any other, such as `session-hardened`. */
  readonly key: string;
  readonly id: string;
  readonly variant: VariantName | null;
  readonly title: string;
  readonly summary: string;
  readonly clientDoes: string;
  readonly spec: EntrySpec;
  /** Messages move the end of its credential. */
  readonly movesByActivity: boolean;
  /** It has an event that needs a role. */
  readonly hasRole: boolean;
  /** Promise id, or a sentence, -> why it is not kept. */
  readonly deviations: Readonly<Record<string, string>>;
  /** The files that decide, by their paths from the root. */
  readonly sources: readonly string[];
}

/** Every strategy in both variants and some peers; `id`: one strategy in both variants, or one peer. */
export async function playEntries(id?: string): Promise<PlayEntry[]> {
  const all = await allEntries();
  return all.filter((entry) =>
    id === undefined ? entry.variant !== null || SHOWN_PEERS.includes(entry.id) : entry.id === id,
  );
}

/** The ids that `playEntries` takes. */
export const playableIds = async (): Promise<string[]> => [...new Set((await allEntries()).map(({ id }) => id))];

/** Without what it is described by, tested with and connected to. Beside the compiled code, whose names end otherwise. */
const peerSources = (id: string): string[] =>
  readdirSync(new URL(`../../peers/${id}/`, import.meta.url))
    .filter((name) => /^(?!index|client).*(?<!\.test|\.d)\.[jt]s$/.test(name))
    .map((name) => `peers/${id}/${name.replace(/js$/, 'ts')}`);

async function allEntries(): Promise<PlayEntry[]> {
  const [strategies, peers] = await Promise.all([loadStrategies(), loadPeers()]);
  const own = strategies
    .filter(({ role }) => role === 'strategy')
    .flatMap(({ id, title, variants }) =>
      variantNames.map((variant): PlayEntry => {
        const { summary, clientDoes, supports, deviations } = variants[variant];
        return {
          key: `${id}-${variant}`,
          id,
          variant,
          title,
          summary,
          clientDoes,
          spec: { kind: 'strategy', id, variant },
          // A variant that does not enforce expiry never reads the session again, so nothing moves its end.
          movesByActivity: supports.renewal === 'activity' && !('expiry-inbound' in deviations),
          hasRole: true,
          deviations,
          sources: [`strategies/${id}/${id}.authenticator.ts`],
        };
      }),
    );
  const others = peers.map(({ id, title, summary, clientDoes, differs }): PlayEntry => ({
    key: id,
    id,
    variant: null,
    title,
    summary,
    clientDoes,
    spec: { kind: 'peer', id },
    movesByActivity: false,
    hasRole: false,
    deviations: Object.fromEntries(differs.map((sentence) => [sentence, ''])),
    sources: peerSources(id),
  }));
  // The peers first: they are what people write today.
  return [...others, ...own];
}
