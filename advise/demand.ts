import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import type { Supports, Variant, VariantName } from '../strategies/strategy.ts';

/** The load that an application serves, and what it requires. */
export interface Demand {
  /** The sum over all connections. */
  readonly messagesPerSecond: number;
  readonly connections: number;
  /** For how long a revoked credential may stay usable, in ms. */
  readonly revocationWithin: number;
  /** How long an access token lives, in ms. */
  readonly tokenTtl: number;
  readonly nodes: number;
  /** Whether the nodes share a store, such as Redis. */
  readonly sharedStore: boolean;
  /** Whether some connections only listen, and never send a message. */
  readonly silentListeners: boolean;
}

/** A strategy as it is known without a measurement. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly variants: Readonly<Record<VariantName, Pick<Variant, 'supports' | 'renewsAhead'>>>;
}

/** Several nodes that share nothing: no node hears what happened on another. */
export const isAlone = ({ nodes, sharedStore }: Demand): boolean => nodes > 1 && !sharedStore;

/** The lifetime that ends a connection's credential. */
export type LifetimeOf = 'access token' | 'WS token' | 'idle session';

/** The credential that a connection depends on. Only an access token's lifetime is asked for; the others are assumed. */
export function lifetimeOf({ renewal, issuesCredential }: Supports): LifetimeOf {
  if (issuesCredential) return 'WS token';
  return renewal === 'activity' ? 'idle session' : 'access token';
}

/** Lifetimes that are assumed, in ms. */
export const assumed: Readonly<Record<Exclude<LifetimeOf, 'access token'>, number>> = {
  'WS token': defaultLifetimes.wsToken,
  'idle session': defaultLifetimes.sessionIdle,
};

/** How long a connection's credential lives, in ms. */
export const lifetimeMs = (of: LifetimeOf, { tokenTtl }: Demand): number =>
  of === 'access token' ? tokenTtl : assumed[of];
