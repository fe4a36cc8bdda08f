import { Inject, UseFilters } from '@nestjs/common';
import type { OnGatewayConnection, OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Server, Socket } from 'socket.io';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import { principalOf } from './principal.ts';
import { RefusalFilter } from './messages/refusal.filter.ts';

/** The room of everything that a subject has open in a namespace. */
export const subjectRoom = (subject: string): string => `subject:${subject}`;

/**
 * The base of the gateways: extending it opens a namespace to whoever the strategy admits. By the time that
 * `handleConnection` runs, the principal is on the socket. The dependency is a property, so that a subclass's
 * constructor need not pass it.
 */
@UseFilters(RefusalFilter)
export abstract class WsManager implements OnGatewayInit, OnGatewayConnection {
  @Inject(HandshakeGate) private readonly gate!: HandshakeGate;

  afterInit(server: Server | Namespace): void {
    this.gate.open('engine' in server ? server.of('/') : server);
  }

  /** Synchronous, so that what it does is done before any handler can run. Overrides call `super` first. */
  handleConnection(client: Socket): void {
    void client.join(subjectRoom(principalOf(client).subject));
  }
}
