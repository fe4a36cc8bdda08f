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

  /** An override must call `super.afterInit(server)`, or the application does not start. */
  afterInit(server: Server | Namespace): void {
    // A request-scoped gateway has no gate here. `Wiring` stops the start for it.
    this.gate?.open('engine' in server ? server.of('/') : server, this);
  }
}
