import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

const sockets = new Map<string, Socket>();

@WebSocketGateway()
class GameGateway implements OnGatewayConnection {
  handleConnection(client: Socket): void {
    const user = String(client.data['user']);
    sockets.get(user)?.disconnect(true);
    sockets.set(user, client);
  }

  @SubscribeMessage('move')
  move(): { moved: boolean } {
    return { moved: true };
  }
}

export default target({
  title: 'a user has one connection: the next one ends it',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([GameGateway], {
      middleware: (socket) => void (socket.data['user'] = verify(socket.handshake.auth['token']).sub),
    }),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'move' } },
    environment: { VALID: issue() },
  }),
});
