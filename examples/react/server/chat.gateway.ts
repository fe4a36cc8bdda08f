import { randomUUID } from 'node:crypto';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ShapePipe, User, WsManager } from 'nest-ws-auth-lab/gateways';
import type { Principal } from 'nest-ws-auth-lab/strategy';
import type { Socket } from 'socket.io';
import { z } from 'zod';

const messageShape = z.object({ text: z.string().max(500) });

@WebSocketGateway({ namespace: '/chat' })
export class ChatGateway extends WsManager {
  @SubscribeMessage('message')
  message(
    @ConnectedSocket() client: Socket,
    @User() user: Principal,
    @MessageBody(new ShapePipe(messageShape)) { text }: z.infer<typeof messageShape>,
  ) {
    const message = { id: randomUUID(), from: user.subject, text };
    client.broadcast.emit('message', message);
    return message;
  }
}
