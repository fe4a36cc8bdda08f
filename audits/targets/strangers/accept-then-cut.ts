import {
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
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
      client.emit('error', { message: 'Unauthorized' });
      client.disconnect(true);
    }
  }

  @SubscribeMessage('say')
  say(@MessageBody() text: string): { said: string } {
    this.server.emit('said', text);
    return { said: text };
  }
}

export default target({
  title: 'a synchronous handleConnection that disconnects',
  finds: ['accepted-then-cut'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'say', arguments: ['hello'] } },
    environment: { VALID: issue() },
  }),
});
