import { ConnectedSocket, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import type { Principal } from '../../strategies/strategy.ts';
import { User } from '../principal.ts';
import { WsManager } from '../ws-manager.ts';

const notificationRoom = (subject: string): string => `notifications:${subject}`;

/** What the server has to say to a subject, wherever it listens. */
@WebSocketGateway({ namespace: '/notifications' })
export class NotificationsGateway extends WsManager {
  @WebSocketServer() private readonly namespace!: Namespace;

  @SubscribeMessage('subscribe-to-notifications')
  subscribe(@ConnectedSocket() client: Socket, @User() user: Principal): { subscribed: string } {
    void client.join(notificationRoom(user.subject));
    return { subscribed: user.subject };
  }

  push(subject: string, notification: unknown): void {
    this.namespace.to(notificationRoom(subject)).emit('notification', notification);
  }
}
