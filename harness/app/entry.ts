import type { ConnectionCounters } from '../../gateways/connections/counters.ts';
import type { Limits } from '../../gateways/options/limits.ts';
import type { Peer } from '../../peers/peer.ts';
import { loadPeer } from '../../peers/registry.ts';
import type { MemoryDirectory, NewUser } from '../../strategies/shared/accounts/directory.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import type { Lifetimes, Report, VariantName } from '../../strategies/strategy.ts';
import { newDirectory, newSecret, startApp } from './app.ts';
import type { StoreSpec } from './store.ts';

/** Something that serves the load's events, by a name that another process can start it by. */
export type EntrySpec =
  | {
      readonly kind: 'strategy';
      readonly id: string;
      readonly variant: VariantName;
      readonly busyMicroseconds?: number;
    }
  | { readonly kind: 'peer' | 'platform-layer'; readonly id: string };

export interface EntryOptions {
  /** A strategy's; none unless told otherwise. */
  readonly limits?: Partial<Limits> | false;
  readonly lifetimes?: Partial<Lifetimes>;
  readonly passwords?: 'scrypt' | 'fast';
  /** A strategy's; a free one unless told otherwise. */
  readonly port?: number;
  /** The stores and secrets that it shares with the other nodes, or with the process that it replaces. A peer shares only the secret. */
  readonly node?: { readonly store?: StoreSpec; readonly secret: string };
  /** Whom it knows before it listens. */
  readonly users?: readonly NewUser[];
  /** A strategy's: takes what its security log keeps. */
  readonly report?: Report;
}

/** One that runs in this process. */
export interface Served {
  readonly url: string;
  readonly directory: MemoryDirectory;
  /** Where the app has something to push. */
  readonly push?: (subject: string, notification: unknown) => void;
  /** A strategy's: revokes what the user has, as an application would. */
  readonly revoke?: (subject: string) => Promise<void>;
  /** Counts of the kit's gateways; a peer has none. */
  readonly counters?: () => ConnectionCounters;
  close(): Promise<void>;
}

/** A peer's credential lives through any measurement. */
const PEER_LIFETIME = 3_600_000;

/** Starts an entry in this process, without limits, on a free port of the loopback interface. */
export async function startEntry(
  spec: EntrySpec,
  { passwords = 'fast', node, users = [], ...options }: EntryOptions = {},
): Promise<Served> {
  const directory = newDirectory(passwords);
  for (const user of users) await directory.add(user);
  if (spec.kind === 'strategy') {
    const { variant, busyMicroseconds = 0 } = spec;
    const strategy = await loadStrategy(spec.id);
    return startApp(strategy, { variant, busyMicroseconds, limits: false, ...options, ...node, directory });
  }
  if (spec.kind === 'platform-layer') {
    // This also loads the packages of its client. No other server should spend time on them.
    const { layerOf } = await import('./platform-layers/index.ts');
    return { ...(await layerOf(spec.id).start()), directory };
  }
  const peer: Peer = await loadPeer(spec.id);
  const lifetime = options.lifetimes?.accessToken ?? PEER_LIFETIME;
  return { ...(await peer.start({ directory, secret: node?.secret ?? newSecret(), lifetime })), directory };
}
