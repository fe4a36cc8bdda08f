import { Inject } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { Principal } from '../../strategies/strategy.ts';
import { type ChatMessage, ChatService, roomOf } from './chat.service.ts';
import { principalOf, User } from '../principal.ts';
import { RefusalException } from '../refusal.exception.ts';
import { Roles } from '../messages/roles.guard.ts';
import { ShapePipe } from '../messages/shape.pipe.ts';
import { WsManager } from '../ws-manager.ts';

const sendMessage = z.object({ text: z.string().max(4096) });
const deleteMessage = z.object({ id: z.uuid() });

/** Rooms are joined from the handshake; what a client sends goes to the others in its room. */
@WebSocketGateway({ namespace: '/chat' })
export class ChatGateway extends WsManager implements OnGatewayConnection {
  constructor(@Inject(ChatService) private readonly chat: ChatService) {
    super();
  }

  handleConnection(client: Socket): void {
    const user = principalOf(client);
    const room = roomOf(client.handshake.auth);
    if (room === undefined || !this.chat.canConnect(user) || !this.chat.canEnter(user, room)) {
      throw new RefusalException('forbidden');
    }
    client.data.room = room;
    void client.join(room);
  }

  @SubscribeMessage('sendMessage')
  send(
    @ConnectedSocket() client: Socket,
    @User() user: Principal,
    @MessageBody(new ShapePipe(sendMessage)) { text }: z.infer<typeof sendMessage>,
  ): ChatMessage {
    const room = client.data.room as string;
    const message = this.chat.post(user.subject, room, text);
    client.to(room).emit('message', message);
    return message;
  }

  @Roles(['moderator'])
  @SubscribeMessage('deleteMessage')
  delete(
    @ConnectedSocket() client: Socket,
    @MessageBody(new ShapePipe(deleteMessage)) { id }: z.infer<typeof deleteMessage>,
  ): { deleted: boolean } {
    const room = client.data.room as string;
    const deleted = this.chat.delete(room, id);
    if (deleted) client.to(room).emit('messageDeleted', { id });
    return { deleted };
  }
}
