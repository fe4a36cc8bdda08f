import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway({ namespace: '/chat', cors: { origin: '*' } })
class ChatGateway {
  @WebSocketServer() readonly server!: Server;

  @SubscribeMessage('say')
  say(@MessageBody() text: string): { said: string } {
    this.server.emit('said', text);
    return { said: text };
  }
}

export default target({
  title: 'a middleware in an adapter, for every namespace; a bearer token, so any origin may connect',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: {
      namespace: '/chat',
      credential: { valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
