import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue } from '../shared/tokens.ts';

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
  title: 'nobody is asked for a credential',
  finds: ['stranger-acts'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'say', arguments: ['hello'] } },
    environment: { VALID: issue() },
  }),
});
