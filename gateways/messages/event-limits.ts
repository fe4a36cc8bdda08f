import type { Socket } from 'socket.io';
import { noticeOf } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import type { Connections } from '../connections/connections.ts';
import { EventBudget } from '../limits/event-budget.ts';
import type { NetworkBudgets } from '../limits/network-budgets.ts';
import type { ResolvedOptions } from '../options/options.ts';
import type { Transports } from '../transport/transports.ts';

/**
 * Limits the events of a connection. An event over the rate, or without a handler, is refused in its ack; otherwise the
 * client would never get an answer. A client that goes on over its rate is cut. `networks` limits what all connections of a
 * network send together.
 */
export function limitEvents(
  connection: Connection,
  transports: Transports,
  { limits, clock }: ResolvedOptions,
  connections: Connections,
  networks: NetworkBudgets | undefined,
): void {
  const { socket, client } = connection;
  const budget = limits.eventsPerSecond === false ? undefined : new EventBudget(limits.eventsPerSecond, clock.now());
  socket.use((packet, next) => {
    const now = clock.now();
    // An event that the connection's own limit refuses must not use up the limit of its neighbours.
    const ofNetwork = () => networks?.of(client.network, now).take(now) ?? true;
    const spent = budget?.spend(now, ofNetwork) ?? (ofNetwork() ? 'pass' : 'refuse');
    if (spent === 'cut') return transports.end(socket.conn, 'too-many-events');
    if (spent === 'pass' && isServed(socket, packet[0])) return next();
    const code = spent === 'pass' ? 'unknown-event' : 'too-many-events';
    connections.refused('message', code, connection);
    const ack: unknown = packet.at(-1);
    if (typeof ack === 'function') ack({ refused: noticeOf(code) });
  });
}

/** Whether a handler listens for the event. Socket.IO listens for `error` itself, and does nothing then. */
function isServed(socket: Socket, event: string): boolean {
  return socket.listenerCount(event) > (event === 'error' ? 1 : 0) || socket.listenersAny().length > 0;
}
