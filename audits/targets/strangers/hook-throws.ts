import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class OrdersGateway implements OnGatewayConnection {
  handleConnection(client: Socket): void {
    const token = (client.handshake.auth as { token?: string }).token;
    // A token that is no string has no such method: the error leaves the hook, and the process ends.
    const bare = token?.replace('Bearer ', '');
    try {
      verify(bare);
    } catch {
      client.disconnect(true);
    }
  }

  @SubscribeMessage('orders')
  orders(): string[] {
    return ['one', 'two'];
  }
}

export default target({
  title: 'a handleConnection that throws for a token that is no text',
  finds: ['accepted-then-cut'],
  shown: ['uncaught-in-hook'],
  destructive: ['server-ended'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([OrdersGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'orders' } },
    environment: { VALID: issue() },
  }),
});
