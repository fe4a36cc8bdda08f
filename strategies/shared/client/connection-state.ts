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

/** `delay`: how long a wait that has begun takes, in ms. */
export function stateOf(phase: Phase, delay: number): ConnectionState {
  switch (phase.at) {
    case 'opening':
      return { name: 'connecting' };
    case 'asking':
    case 'exchanging':
      return { name: 'renewing' };
    case 'waiting':
      return phase.before === 'ask' ? { name: 'open' } : { name: 'waiting', delay };
    case 'ended':
      return { name: 'ended', reason: phase.error };
    default:
      return { name: 'open' };
  }
}
