import { Inject, UseFilters } from '@nestjs/common';
import type { OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Server } from 'socket.io';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { RefusalFilter } from './messages/refusal.filter.ts';

/**
 * The base of the gateways: extending it opens a namespace to whoever the strategy admits. By the time that
 * `handleConnection` runs, the principal is on the socket, and the socket is in the room of its subject. The dependency is a
 * property, so that a subclass's constructor need not pass it.
 */
@UseFilters(RefusalFilter)
export abstract class WsManager implements OnGatewayInit {
  @Inject(HandshakeGate) private readonly gate: HandshakeGate | undefined;

  /** An override calls `super.afterInit(server)`; otherwise the application does not start. */
  afterInit(server: Server | Namespace): void {
    // A request-scoped gateway has no gate yet; it stops the start later on.
    this.gate?.open('engine' in server ? server.of('/') : server, this);
  }
}
