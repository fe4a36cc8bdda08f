import { Inject } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import { type ChatMessage, ChatService, roomOf } from '../../gateways/example/chat.service.ts';
import { roomFor, say } from '../shared/chat.ts';
import { type UserSocket, WsManager } from './ws-manager.ts';

@WebSocketGateway({ namespace: '/chat', transports: ['websocket'] })
export class ChatGateway extends WsManager {
  constructor(@Inject(ChatService) private readonly chat: ChatService) {
    super();
  }

  override async handleConnection(client: UserSocket): Promise<void> {
    await super.handleConnection(client);
    // The article has no such line: with a forged token it goes on without a user, throws, and ends the process.
    if (client.disconnected) return;
    const room = roomFor(this.chat, client, client.user);
    if (room === undefined) throw new WsException('This user may not enter');
    void client.join(room);
  }

  @SubscribeMessage('sendMessage')
  send(client: UserSocket, { text }: { text: string }): ChatMessage {
    return say(this.chat, client, client.user.subject, roomOf(client.handshake.auth)!, text);
  }
}
