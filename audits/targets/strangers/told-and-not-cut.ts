import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class ChatGateway implements OnGatewayConnection {
  @WebSocketServer() readonly server!: Server;

  handleConnection(client: Socket): void {
    try {
      client.data['user'] = verify(client.handshake.auth['token']).sub;
    } catch {
      // The client is told, and nothing else happens.
      client.emit('unauthorized', { message: 'Invalid token' });
    }
  }

  @SubscribeMessage('say')
  say(): { said: boolean } {
    this.server.emit('said', true);
    return { said: true };
  }
}

export default target({
  title: 'a handleConnection that says unauthorized, and leaves the client connected',
  finds: ['stranger-acts'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'say' } },
    environment: { VALID: issue() },
  }),
});
