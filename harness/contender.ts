import type { Limits } from '../gateways/limits.ts';
import type { Peer } from '../peers/peer.ts';
import { loadPeer } from '../peers/registry.ts';
import type { MemoryDirectory } from '../strategies/shared/directory.ts';
import { loadStrategy } from '../strategies/registry.ts';
import type { CreateClient, Lifetimes, VariantName } from '../strategies/strategy.ts';
import { newDirectory, newSecret, startApp, type TestUser } from './app.ts';
import { openLine, type OpenLine } from './line.ts';
import type { StoreSpec } from './store.ts';
import { rungs } from './rungs/index.ts';
import { createClient } from './rungs/rung.ts';

/** Something that serves the load's events, by a name that another process can start it by. */
export type ContenderSpec =
  | {
      readonly kind: 'strategy';
      readonly id: string;
      readonly variant: VariantName;
      readonly busyMicroseconds?: number;
    }
  | { readonly kind: 'peer' | 'rung'; readonly id: string };

export interface ContenderOptions {
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
  readonly openLine: OpenLine;
}

/** A peer's credential lives through any measurement. */
const PEER_LIFETIME = 3_600_000;

/** Starts a contender in this process, without limits, on a free port of the loopback interface. */
export async function startContender(
  spec: ContenderSpec,
  { passwords = 'fast', node, users = [], ...options }: ContenderOptions = {},
): Promise<Served> {
  const directory = newDirectory(passwords);
  for (const user of users) await directory.add(user);
  if (spec.kind === 'strategy') {
    const { variant, busyMicroseconds = 0 } = spec;
    const strategy = await loadStrategy(spec.id);
    return startApp(strategy, { variant, busyMicroseconds, limits: false, ...options, ...node, directory });
  }
  if (spec.kind === 'rung') return { ...(await rungOf(spec.id).start()), directory };
  const peer: Peer = await loadPeer(spec.id);
  const lifetime = options.lifetimes?.accessToken ?? PEER_LIFETIME;
  return { ...(await peer.start({ directory, secret: newSecret(), lifetime })), directory };
}

export async function clientHalfOf({ kind, id }: ContenderSpec): Promise<ClientHalf> {
  if (kind === 'rung') return { createClient, openLine: rungOf(id).openLine ?? openLine };
  const { createClient: create } = await (await (kind === 'peer' ? loadPeer(id) : loadStrategy(id))).client();
  return { createClient: create, openLine };
}

function rungOf(id: string) {
  const rung = rungs.find((candidate) => candidate.id === id);
  if (rung === undefined) throw new TypeError(`No rung '${id}'; there are: ${rungs.map((one) => one.id).join(', ')}`);
  return rung;
}
