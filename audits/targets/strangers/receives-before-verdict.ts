import { setTimeout as delay } from 'node:timers/promises';
import {
  ConnectedSocket,
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
class PricesGateway implements OnGatewayConnection {
  @WebSocketServer() readonly server!: Server;

  async handleConnection(client: Socket): Promise<void> {
    await delay(150);
    try {
      client.data['user'] = verify(client.handshake.auth['token']).sub;
    } catch {
      client.disconnect(true);
    }
  }

  @SubscribeMessage('publish')
  publish(@ConnectedSocket() client: Socket): { ok: boolean } {
    // The handler checks what the connection hook has found out so far.
    if (client.data['user'] === undefined) return { ok: false };
    this.server.emit('price', 42);
    return { ok: true };
  }
}

export default target({
  title: 'an asynchronous handleConnection with handlers that check it, and broadcasts to every socket',
  finds: ['receives-before-verdict'],
  untold: unasked,
  serve: async () => ({
    url: await nest([PricesGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'publish' } },
    environment: { VALID: issue() },
  }),
});
