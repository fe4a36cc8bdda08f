import { Inject, UseFilters } from '@nestjs/common';
import type { OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Server } from 'socket.io';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { RefusalFilter } from './messages/refusal.filter.ts';

/**
 * The base class of your gateways. A gateway that extends it opens its namespace to the clients that the strategy admits. When
 * `handleConnection` runs, `@User()` is known, and the socket is in the room `subjectRoom(subject)`.
 */
@UseFilters(RefusalFilter)
export abstract class WsManager implements OnGatewayInit {
  // A property, so that the constructor of a subclass need not pass it.
  @Inject(HandshakeGate) private readonly gate: HandshakeGate | undefined;

  /** An override must call `super.afterInit(server)`, or the application does not start. */
  afterInit(server: Server | Namespace): void {
    // A request-scoped gateway has no gate here. `Wiring` stops the start for it.
    this.gate?.open('engine' in server ? server.of('/') : server, this);
  }
}
