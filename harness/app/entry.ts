import type { Limits } from '../../gateways/options/limits.ts';
import type { Peer } from '../../peers/peer.ts';
import { loadPeer } from '../../peers/registry.ts';
import type { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import type { CreateClient, Lifetimes, VariantName } from '../../strategies/strategy.ts';
import { newDirectory, newSecret, startApp, type TestUser } from './app.ts';
import { openConnection, type OpenConnection } from './client-connection.ts';
import type { StoreSpec } from './store.ts';
import { layers } from './platform-layers/index.ts';
import { createClient } from './platform-layers/layer.ts';

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
  /** A strategy's, where it is one node of several: what it shares with them. */
  readonly node?: { readonly store?: StoreSpec; readonly secret: string };
  /** Whom it knows before it listens. */
  readonly users?: readonly TestUser[];
}

/** One that runs in this process. */
export interface Served {
  readonly url: string;
  readonly directory: MemoryDirectory;
  /** Where the app has something to push. */
  readonly push?: (subject: string, notification: unknown) => void;
  close(): Promise<void>;
}

/** How to be a client of one. */
export interface ClientHalf {
  readonly createClient: CreateClient;
  readonly openConnection: OpenConnection;
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
  if (spec.kind === 'platform-layer') return { ...(await layerOf(spec.id).start()), directory };
  const peer: Peer = await loadPeer(spec.id);
  const lifetime = options.lifetimes?.accessToken ?? PEER_LIFETIME;
  return { ...(await peer.start({ directory, secret: newSecret(), lifetime })), directory };
}

export async function clientHalfOf({ kind, id }: EntrySpec): Promise<ClientHalf> {
  if (kind === 'platform-layer') return { createClient, openConnection: layerOf(id).openConnection ?? openConnection };
  const { createClient: create } = await (await (kind === 'peer' ? loadPeer(id) : loadStrategy(id))).client();
  return { createClient: create, openConnection };
}

function layerOf(id: string) {
  const layer = layers.find((candidate) => candidate.id === id);
  if (layer === undefined)
    throw new TypeError(`No layer '${id}'; there are: ${layers.map((one) => one.id).join(', ')}`);
  return layer;
}
