import { setTimeout as delay } from 'node:timers/promises';
import { ConnectedSocket, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway({ namespace: '/tasks' })
class TasksGateway implements OnGatewayConnection {
  async handleConnection(client: Socket): Promise<void> {
    try {
      // A key that is fetched, or a user that is looked up.
      await delay(40);
      client.data['user'] = verify(client.handshake.auth['token']).sub;
    } catch {
      client.disconnect(true);
    }
  }

  @SubscribeMessage('create')
  create(@ConnectedSocket() client: Socket): { id: number; by: unknown } {
    return { id: 1, by: client.data['user'] ?? null };
  }
}

export default target({
  title: 'an asynchronous handleConnection, and handlers that do not wait for it',
  finds: ['acts-before-verdict', 'root-open'],
  shown: ['verdict-after-connect'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([TasksGateway]),
    description: { namespace: '/tasks', credential: { valid: { env: 'VALID' } }, event: { event: 'create' } },
    environment: { VALID: issue() },
  }),
});
