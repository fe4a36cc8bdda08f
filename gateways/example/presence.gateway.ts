import { UseFilters } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import type { Principal } from '../../strategies/strategy.ts';
import { User } from '../principal.ts';
import { RefusalFilter } from '../messages/refusal.filter.ts';

/** A second gateway on chat's namespace. It inherits nothing, and is covered all the same. */
@UseFilters(RefusalFilter)
@WebSocketGateway({ namespace: '/chat' })
export class PresenceGateway {
  @WebSocketServer() private readonly namespace!: Namespace;

  @SubscribeMessage('whoIsHere')
  whoIsHere(@User() user: Principal): { you: string; connections: number } {
    return { you: user.subject, connections: this.namespace.sockets.size };
  }
}
