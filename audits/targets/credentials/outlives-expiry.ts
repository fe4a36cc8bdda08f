import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { FORBIDDEN, target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class ChatGateway {
  @WebSocketServer() readonly server!: Server;

  @SubscribeMessage('say')
  say(@MessageBody() text: string): { said: string } {
    this.server.emit('said', text);
    return { said: text };
  }
}

export default target({
  title: 'the token is verified at CONNECT, and never again',
  finds: ['outlives-expiry'],
  untold: [FORBIDDEN, /^(?:sign-out|ban|roles)\//],
  patience: 20_000,
  serve: async () => ({
    url: await nest([ChatGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: {
      credential: { valid: { env: 'VALID' }, short: { env: 'SHORT' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue(), SHORT: issue('ada', 7000) },
  }),
});
