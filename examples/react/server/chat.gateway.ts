import { randomUUID } from 'node:crypto';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { User, WsManager } from 'nest-ws-auth-lab/gateways';
import type { Principal } from 'nest-ws-auth-lab/strategy';
import type { Socket } from 'socket.io';

@WebSocketGateway({ namespace: '/chat' })
export class ChatGateway extends WsManager {
  @SubscribeMessage('message')
  message(@ConnectedSocket() client: Socket, @User() user: Principal, @MessageBody() { text }: { text: string }) {
    const message = { id: randomUUID(), from: user.subject, text: String(text).slice(0, 500) };
    client.broadcast.emit('message', message);
    return message;
  }
}
