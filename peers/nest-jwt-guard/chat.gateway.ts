import { Inject, UseGuards } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { type ChatMessage, ChatService, roomOf } from '../../gateways/example/chat.service.ts';
import type { Principal } from '../../strategies/strategy.ts';
import { roomFor, say } from '../shared/chat.ts';
import { WsJwtGuard } from './ws-jwt.guard.ts';

@UseGuards(WsJwtGuard)
@WebSocketGateway({ namespace: '/chat', transports: ['websocket'] })
export class ChatGateway {
  constructor(@Inject(ChatService) private readonly chat: ChatService) {}

  @SubscribeMessage('sendMessage')
  async send(@ConnectedSocket() client: Socket, @MessageBody() { text }: { text: string }): Promise<ChatMessage> {
    const user = client.data.user as Principal;
    const room = roomOf(client.handshake.auth) ?? '';
    // Guards never run on `handleConnection`: the user is known from the first message on.
    if (!client.rooms.has(room)) {
      if (roomFor(this.chat, client, user) === undefined) throw new WsException('Forbidden');
      await client.join(room);
    }
    return say(this.chat, client, user.subject, room, text);
  }
}
