import type { Phase } from './connection-protocol.ts';
import type { Failure } from './failures.ts';

/** The state of a connection, as an application may show it. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'open' }
  /** A renewal is under way, on the connection or over HTTP. */
  | { readonly name: 'renewing' }
  /** It was lost, and is opened again in so many ms. */
  | { readonly name: 'waiting'; readonly delay: number }
  /** It ended for good. */
  | { readonly name: 'ended'; readonly reason: Failure };

const names = {
  opening: 'connecting',
  asking: 'renewing',
  exchanging: 'renewing',
  open: 'open',
  waiting: 'open',
} as const;

/** `delay`: how long a wait that has begun takes, in ms. */
export function stateOf(phase: Phase, delay: number): ConnectionState {
  if (phase.at === 'ended') return { name: phase.at, reason: phase.error };
  if (phase.at === 'waiting' && phase.before !== 'ask') return { name: phase.at, delay };
  return { name: names[phase.at] };
}
