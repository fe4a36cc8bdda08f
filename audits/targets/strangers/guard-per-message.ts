import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer, WsException } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const client = context.switchToWs().getClient<Socket>();
    try {
      verify(client.handshake.headers.authorization?.split(' ')[1]);
      return true;
    } catch {
      throw new WsException('Unauthorized');
    }
  }
}

@WebSocketGateway()
class ChatGateway {
  @WebSocketServer() readonly server!: Server;

  @UseGuards(TokenGuard)
  @SubscribeMessage('say')
  say(@MessageBody() text: string): { said: string } {
    this.server.emit('said', text);
    return { said: text };
  }
}

export default target({
  title: 'a guard on each message, and nothing at CONNECT; the token is a header',
  finds: ['stranger-receives'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: {
      credential: { at: 'header.authorization', valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
