import { Inject, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { noticeOf } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { EventBudget } from '../limits/event-budget.ts';
import { NetworkBudgets } from '../limits/network-budgets.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { Transports } from '../transport/transports.ts';

/** How many seconds' worth of events may come at once from a network: a room multiplies each event by its members. */
const BURST_SECONDS = 0.5;

/**
 * Limits the events of a connection, and those of all connections of a network together. An event over the rate, or without
 * a handler, is refused in its ack. If it has no ack, `exception` refuses it; otherwise the client would never get an answer.
 * A client that goes on over its rate is cut.
 */
@Injectable()
export class EventLimits {
  readonly #networks: NetworkBudgets | undefined;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
  ) {
    const { eventsPerSecondPerAddress } = options.limits;
    if (eventsPerSecondPerAddress !== false) {
      this.#networks = new NetworkBudgets(eventsPerSecondPerAddress, BURST_SECONDS);
    }
  }

  attach(connection: Connection): void {
    const { socket, client } = connection;
    const { limits, clock } = this.options;
    const budget = limits.eventsPerSecond === false ? undefined : new EventBudget(limits.eventsPerSecond, clock.now());
    // A client that floods without acks is told once, and again only after one of its events has passed.
    let isTold = false;
    socket.use((packet, next) => {
      const now = clock.now();
      // An event that the connection's own limit refuses must not use up the limit of its neighbours.
      const ofNetwork = () => this.#networks?.of(client.network, now).take(now) ?? true;
      const spent = budget?.spend(now, ofNetwork) ?? (ofNetwork() ? 'pass' : 'refuse');
      if (spent === 'cut') return this.transports.end(socket.conn, 'too-many-events');
      if (spent === 'pass') isTold = false;
      if (spent === 'pass' && isServed(socket, packet[0])) return next();
      const code = spent === 'pass' ? 'unknown-event' : 'too-many-events';
      this.connections.refused('message', code, connection);
      const ack: unknown = packet.at(-1);
      if (typeof ack === 'function') ack({ refused: noticeOf(code) });
      else if (!isTold) {
        socket.emit('exception', { ...noticeOf(code), ...(isServed(socket, packet[0]) && { event: packet[0] }) });
        isTold = true;
      }
    });
  }
}

/** Whether a handler listens for the event. Socket.IO listens for `error` itself, and does nothing then. */
function isServed(socket: Socket, event: string): boolean {
  return socket.listenerCount(event) > (event === 'error' ? 1 : 0) || socket.listenersAny().length > 0;
}
